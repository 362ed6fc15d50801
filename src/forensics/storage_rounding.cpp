#include "forensics/storage_rounding.hpp"

#include <algorithm>
#include <cmath>

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestLost = 4;
constexpr std::size_t kElementsPerUnexplained = 1000;
constexpr std::size_t kLostPerUnexplained = 10;

bool finite(const numeric::Matrix& matrix) {
  return std::ranges::all_of(matrix.values, [](float x) { return std::isfinite(x); });
}

void count(const StoredPrecision& precision, double before, double after,
           RoundingCounts::Target& target) {
  if (rounded_to(precision, after) != after) {
    ++target.foreign;
    ++target.unexplained;  // nothing rounds to a number that the format lacks
  } else if (rounded_to(precision, before) != after) {
    ++target.unexplained;
  } else if (before != after) {
    ++target.lost;
  }
}

}  // namespace

RoundingCounts& RoundingCounts::operator+=(const RoundingCounts& other) {
  elements += other.elements;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i].lost += other.targets[i].lost;
    targets[i].unexplained += other.targets[i].unexplained;
    targets[i].foreign += other.targets[i].foreign;
  }
  return *this;
}

std::optional<RoundingCounts> rounding_counts(const numeric::Matrix& a, const numeric::Matrix& b) {
  if (a.rows != b.rows || a.columns != b.columns || !finite(a) || !finite(b)) return std::nullopt;
  RoundingCounts counts{.elements = a.values.size()};
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const auto before = static_cast<double>(a.values[i]), after = static_cast<double>(b.values[i]);
    for (std::size_t k = 0; k < kRoundingTargets.size(); ++k)
      count(kRoundingTargets[k], before, after, counts.targets[k]);
  }
  return counts;
}

std::optional<StorageRounding> storage_rounding(const RoundingCounts& counts) {
  for (std::size_t k = 0; k < kRoundingTargets.size(); ++k) {
    const auto& [lost, unexplained, foreign] = counts.targets[k];
    if (foreign == 0 && lost >= kFewestLost && unexplained * kLostPerUnexplained < lost &&
        unexplained * kElementsPerUnexplained < counts.elements)
      return StorageRounding{kRoundingTargets[k], counts.elements, lost, unexplained};
  }
  return std::nullopt;
}

}  // namespace prov::forensics
