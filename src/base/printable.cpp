#include "base/printable.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace prov::base {
namespace {

bool changes_the_terminal(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  const bool bidirectional = c == 0x200e || c == 0x200f || c == 0x061c ||
                             (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  const bool line_break = c == 0x2028 || c == 0x2029;
  return control || bidirectional || line_break;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character next = decode_utf8(text, at);
    if (!next.valid) {
      safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
    } else if (changes_the_terminal(next.code_point)) {
      safe += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(next.code_point));
    } else {
      safe += text.substr(at, next.length);
    }
    at += next.length;
  }
  return safe;
}

}  // namespace prov::base
