#pragma once

#include <array>
#include <cstdint>

namespace prov::signals {

/// The classes of alphabetic characters that the published kit tells apart. Its specification,
/// section 4.2.
enum class Script : std::uint8_t { latin, cjk, cyrillic, arabic, devanagari, other };

/// Code points [first, last] are letters of `script`.
struct ScriptRange {
  char32_t first, last;
  Script script;
};

/// Ascending and disjoint; a code point in no range is not alphabetic. Made by
/// tools/make_script_table.py.
extern const std::array<ScriptRange, 701> script_ranges;

}  // namespace prov::signals
