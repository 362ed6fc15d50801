#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "model/json_text.hpp"

namespace prov::model {

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_json_float(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  // Shortest digits as d.ddde[+-]xx, laid out as the ryu crate does: plain from 1e-5 up to 1e16,
  // else scientific.
  char buffer[40];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string_view text(buffer, static_cast<std::size_t>(end.ptr - buffer));
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  int exponent = 0;
  const char* exponent_begin = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(exponent_begin, text.data() + text.size(), exponent);
  std::string digits(1, text.front());
  if (e > 2) digits += text.substr(2, e - 2);
  const int point = exponent + 1;  // digits before the decimal point
  const int length = static_cast<int>(digits.size());
  if (value == 0) {
    out += "0.0";
  } else if (length <= point && point <= 16) {
    out += digits + std::string(static_cast<std::size_t>(point - length), '0') + ".0";
  } else if (0 < point && point <= 16) {
    out += digits.substr(0, static_cast<std::size_t>(point)) + "." +
           digits.substr(static_cast<std::size_t>(point));
  } else if (-5 < point && point <= 0) {
    out += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  } else {
    out += digits.substr(0, 1);
    if (length > 1) out += "." + digits.substr(1);
    out += "e" + std::to_string(exponent);
  }
}

double read_json_float(std::string_view text) {
  std::size_t at = 0;
  const bool negative = text.starts_with('-');
  if (negative) ++at;
  std::uint64_t significand = 0;
  long exponent = 0;
  bool after_point = false, full = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.') {
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    std::uint64_t next;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    full = full || __builtin_mul_overflow(significand, std::uint64_t{10}, &next) ||
           __builtin_add_overflow(next, digit, &next);
    if (!full) {
      significand = next;
      if (after_point) --exponent;
    } else if (!after_point) {
      ++exponent;  // digits that no longer fit count as zeros
    }
  }
  if (at < text.size()) {
    long written = 0;
    if (text[++at] == '+') ++at;
    const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), written);
    if (parsed.ec == std::errc::result_out_of_range) written = text[at] == '-' ? -100000 : 100000;
    exponent += std::clamp(written, -100000L, 100000L);
  }
  auto value = static_cast<double>(significand);
  while (exponent < -308 && value != 0) {
    value /= 1e308;
    exponent += 308;
  }
  // The powers up to 1e308 are correctly rounded constants there, and so is the text read here.
  if (value != 0) {
    const double power = std::strtod(fmt::format("1e{}", std::labs(exponent)).c_str(), nullptr);
    value = exponent < 0 ? value / power : value * power;
  }
  return negative ? -value : value;
}

}  // namespace prov::model
