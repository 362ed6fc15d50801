// What a fuzz target demands.
#pragma once

#include <cstdint>
#include <string>

#include "base/printable.hpp"
#include "provenancekit/result.hpp"

namespace prov::fuzz {

/// Ends the process where it does not hold: a finding.
inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// An error about a file of `size` bytes has words, stays inside the file and can be printed.
inline void require_sound(const Error& error, std::uint64_t size) {
  require(!error.message.empty() && error.offset.value_or(0) <= size);
  const std::string text = error.to_string();
  require(base::printable(text) == text);
}

}  // namespace prov::fuzz
