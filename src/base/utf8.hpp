#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace prov::base {

/// One step through UTF-8. `length` is at least 1, so that a loop always ends; an invalid byte
/// counts alone.
struct Utf8Character {
  char32_t code_point = 0;
  std::size_t length = 1;
  bool valid = false;
};

/// Decodes the character that begins at byte `at` (< text.size()). Overlong forms, surrogates and
/// values above U+10FFFF are invalid.
Utf8Character decode_utf8(std::string_view text, std::size_t at);

/// Appends `code_point` (a Unicode scalar value) to `text`.
void append_utf8(std::string& text, char32_t code_point);

/// Position of the first invalid byte, or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// Number of code points; each invalid byte counts as one.
std::size_t count_code_points(std::string_view text);

}  // namespace prov::base
