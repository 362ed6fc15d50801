#include "report/text_layout.hpp"

#include <unicode/uchar.h>

#include "base/utf8.hpp"

namespace prov::report {
namespace {

std::size_t character_width(char32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  if (c < 0x300) return 1;
  switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
      return 0;
    default:
      break;
  }
  const int32_t width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

// The longest prefix of `text` that fits into `width` columns, with the marks that belong to its
// last character.
std::string_view fitting_prefix(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  for (std::size_t used = 0; at < text.size();) {
    const base::Utf8Character next = base::decode_utf8(text, at);
    used += next.valid ? character_width(next.code_point) : 1;
    if (used > width) break;
    at += next.length;
  }
  return text.substr(0, at);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const base::Utf8Character next = base::decode_utf8(text, at);
    width += next.valid ? character_width(next.code_point) : 1;
    at += next.length;
  }
  return width;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (true) {
    std::string_view line = fitting_prefix(text, width);
    if (line.size() == text.size()) {
      lines.emplace_back(line);
      return lines;
    }
    // A space just behind the line may be the break, too.
    const std::size_t space = text.substr(0, line.size() + 1).rfind(' ');
    if (space != std::string_view::npos && space > 0) line = text.substr(0, space);
    lines.emplace_back(line.substr(0, line.find_last_not_of(' ') + 1));
    text.remove_prefix(line.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return lines;
  }
}

std::string pad(std::string_view text, std::size_t width, bool right_aligned) {
  const std::size_t used = display_width(text);
  const std::string space(used < width ? width - used : 0, ' ');
  return right_aligned ? space + std::string(text) : std::string(text) + space;
}

}  // namespace prov::report
