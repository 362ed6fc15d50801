// Text on a grid of terminal columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace prov::report {

/// Columns that `text` takes on a terminal: 2 for East Asian wide and emoji, 0 for combining marks
/// and format characters.
std::size_t display_width(std::string_view text);

/// `text` as lines of at most `width` columns (>= 2), broken at spaces, a longer word where the
/// line is full. At least one line; no line begins or ends with the space where it was broken.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// `text` filled up with spaces to `width` columns.
std::string pad(std::string_view text, std::size_t width, bool right_aligned);

}  // namespace prov::report
