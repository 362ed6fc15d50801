#include "report/number_text.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace prov::report {
namespace {

constexpr std::array<std::string_view, 6> kByteUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
constexpr std::string_view kAbsent = "N/A";

}  // namespace

std::string fixed(std::optional<double> number, int digits) {
  return number ? fmt::format("{:.{}f}", *number, digits) : std::string(kAbsent);
}

std::string significant(std::optional<double> number, int digits) {
  return number ? fmt::format("{:.{}g}", *number, digits) : std::string(kAbsent);
}

std::string grouped(std::uint64_t number) {
  std::string text = fmt::format("{}", number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string byte_size(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (size >= 1023.95 && unit + 1 < kByteUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", size, kByteUnits[unit]);
}

}  // namespace prov::report
