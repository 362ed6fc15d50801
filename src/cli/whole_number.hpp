#pragma once

#include <fmt/format.h>

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace prov::cli {

/// A whole number of [1, most], and nothing else.
template <std::unsigned_integral Number>
std::optional<Number> whole_number(std::string_view text, Number most) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, number);
  const bool whole = problem == std::errc() && stop == end;
  return whole && number >= 1 && number <= most ? std::optional(number) : std::nullopt;
}

/// Reads the value of an option that takes one. The problem, if it is none.
template <std::unsigned_integral Number>
std::optional<std::string> read_whole_number(std::string_view option, std::string_view text,
                                             Number most, Number& to) {
  if (const std::optional<Number> number = whole_number(text, most)) {
    to = *number;
    return std::nullopt;
  }
  return fmt::format("argument {}: must be a whole number from 1 to {}, got '{}'", option, most,
                     text);
}

}  // namespace prov::cli
