#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace prov::signals {

/// One number of a deep-signal file of the published kit, which keeps weight signals so.
struct DeepSignalRow {
  std::string_view signal;  // valid while the row is visited
  std::optional<std::int64_t> layer;
  std::int64_t row = 0;
  std::optional<std::int64_t> column;
  double value = 0;
};

}  // namespace prov::signals
