#include "numeric/float_text.hpp"

#include <charconv>
#include <cmath>
#include <iterator>

namespace prov::numeric {

std::string shortest_float_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  const double magnitude = std::fabs(value);
  const bool scientific = magnitude != 0.0 && (magnitude < 1e-4 || magnitude >= 1e16);
  char text[32];
  const auto written =
      std::to_chars(std::begin(text), std::end(text), value,
                    scientific ? std::chars_format::scientific : std::chars_format::fixed);
  std::string result(text, written.ptr);
  if (!scientific && result.find('.') == std::string::npos) result += ".0";
  return result;
}

}  // namespace prov::numeric
