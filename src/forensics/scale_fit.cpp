#include "forensics/scale_fit.hpp"

#include <algorithm>
#include <cmath>

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestValues = 4;
constexpr double kStorageSlack = 1.125;       // rounded to f16 before bf16
constexpr double kArithmeticError = 0x1p-22;  // of the product scale * level in f32
constexpr double kUnevenDensity = 1.5;

double tolerance_of(double value, const PossibleStorage& storage) {
  return kStorageSlack * storage.step_at(value) / 2 + kArithmeticError * std::abs(value);
}

/// Levels on which the value of largest magnitude may lie, coarsest scale first.
std::vector<double> anchors(const LevelTable& table, double value) {
  std::vector<double> result;
  if (table.levels.empty()) {
    for (double level = 1; level <= table.most; ++level)
      result.push_back(std::copysign(level, value));
    return result;
  }
  for (const double level : table.levels) {
    if (level != 0 && std::signbit(level) == std::signbit(value)) result.push_back(level);
  }
  std::ranges::sort(result, {}, [](double level) { return std::abs(level); });
  return result;
}

struct Interval {
  double low, high;
  double middle() const { return (low + high) / 2; }
};

/// Narrows the scale by every value; false at the first that lies on no level.
bool narrow(const GroupValues& group, const LevelTable& table, Interval& scale) {
  for (const auto& [value, tolerance] : group.values) {
    const double level = nearest_level(table, value / scale.middle());
    if (level == 0 || std::signbit(level) != std::signbit(value)) return false;
    const double size = std::abs(value), steps = std::abs(level);
    scale.low = std::max(scale.low, (size - tolerance) / steps);
    scale.high = std::min(scale.high, (size + tolerance) / steps);
    if (scale.low > scale.high) return false;
  }
  return true;
}

ScaleFit described(const GroupValues& group, const LevelTable& table, double scale,
                   std::size_t tried) {
  ScaleFit fit{.scale = scale};
  std::vector<double> used;
  double sum = 0, strongest = 0;
  for (const auto& [value, tolerance] : group.values) {
    const double level = nearest_level(table, value / scale);
    used.push_back(level);
    const LevelGaps gaps = gaps_at(table, level);
    const double apart = std::min(gaps.below, gaps.above) * scale;
    const double chance = std::log10(std::min(1.0, kUnevenDensity * 2 * tolerance / apart));
    sum += chance;
    strongest = std::min(strongest, chance);
  }
  const double scales = 2 * static_cast<double>(group.values.size() * tried);
  fit.log10_chance = std::min(0.0, sum - strongest + std::log10(scales));
  used.push_back(0);  // zeros of the group, or its offset
  std::ranges::sort(used);
  used.erase(std::unique(used.begin(), used.end()), used.end());
  fit.lowest = used.front();
  fit.highest = used.back();
  fit.levels = used.size();
  return fit;
}

}  // namespace

GroupValues group_values(std::span<const float> group, const PossibleStorage& storage,
                         bool with_offset) {
  GroupValues result;
  double offset_tolerance = 0;
  if (with_offset && !group.empty()) {
    result.offset = static_cast<double>(*std::ranges::min_element(group));
    offset_tolerance = tolerance_of(result.offset, storage);
  }
  for (const float stored : group) {
    const auto value = static_cast<double>(stored);
    if (value == result.offset) continue;
    result.values.push_back(
        {value - result.offset, tolerance_of(value, storage) + offset_tolerance});
  }
  std::ranges::sort(result.values, {}, [](const auto& v) { return std::abs(v.value); });
  result.varies = result.values.size() >= kFewestValues &&
                  std::ranges::any_of(result.values, [&](const auto& v) {
                    return v.value != result.values.front().value;
                  });
  return result;
}

std::optional<ScaleFit> fit_scale(const GroupValues& group, const LevelTable& table) {
  if (!group.varies) return std::nullopt;
  const auto& [largest, tolerance] = group.values.back();
  std::size_t tried = 0;
  for (const double anchor : anchors(table, largest)) {
    ++tried;
    const double size = std::abs(largest), steps = std::abs(anchor);
    Interval scale{(size - tolerance) / steps, (size + tolerance) / steps};
    if (scale.low > 0 && narrow(group, table, scale))
      return described(group, table, scale.middle(), tried);
  }
  return std::nullopt;
}

}  // namespace prov::forensics
