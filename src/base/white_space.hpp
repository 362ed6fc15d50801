#pragma once

#include <string_view>

namespace prov::base {

/// The white space of ASCII.
inline constexpr std::string_view kWhiteSpace = " \t\n\r\f\v";

/// `text` without the characters of `around` at its ends.
inline std::string_view trimmed(std::string_view text, std::string_view around = kWhiteSpace) {
  const std::size_t first = text.find_first_not_of(around);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(around) - first + 1);
}

}  // namespace prov::base
