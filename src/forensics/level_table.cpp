#include "forensics/level_table.hpp"

#include <algorithm>
#include <cmath>

namespace prov::forensics {
namespace {

/// bitsandbytes, functional.py: quantiles of a normal distribution, scaled to reach -1 and 1.
constexpr double kNf4[] = {-1.0,
                           -0.6961928009986877,
                           -0.5250730514526367,
                           -0.39491748809814453,
                           -0.28444138169288635,
                           -0.18477343022823334,
                           -0.09105003625154495,
                           0.0,
                           0.07958029955625534,
                           0.16093020141124725,
                           0.24611230194568634,
                           0.33791524171829224,
                           0.44070982933044434,
                           0.5626170039176941,
                           0.7229568362236023,
                           1.0};
/// bitsandbytes, FP4: magnitudes.
constexpr double kFp4[] = {0, 0.005208333333, 1.0 / 6, 0.25, 1.0 / 3, 0.5, 2.0 / 3, 1};
/// OCP microscaling E2M1: magnitudes.
constexpr double kE2m1[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
/// ggml, kvalues_iq4nl.
constexpr double kIq4nl[] = {-127, -104, -83, -65, -49, -35, -22, -10,
                             1,    13,   25,  38,  53,  69,  89,  113};

LevelTable listed(std::string_view name, std::span<const double> levels) {
  LevelTable table{name, {levels.begin(), levels.end()}};
  table.most = std::max(std::abs(table.levels.front()), std::abs(table.levels.back()));
  return table;
}

LevelTable mirrored(std::string_view name, std::span<const double> magnitudes) {
  std::vector<double> levels(magnitudes.begin(), magnitudes.end());
  for (const double magnitude : magnitudes) {
    if (magnitude > 0) levels.push_back(-magnitude);
  }
  std::ranges::sort(levels);
  return listed(name, levels);
}

/// All finite numbers of an 8-bit float.
LevelTable float8(std::string_view name, int fraction_bits, int least_exponent, double greatest) {
  std::vector<double> magnitudes{0};
  const int parts = 1 << fraction_bits;
  for (int part = 1; part < parts; ++part)
    magnitudes.push_back(std::ldexp(part, least_exponent - fraction_bits));
  for (int exponent = least_exponent; std::ldexp(1.0, exponent) <= greatest; ++exponent) {
    for (int part = parts; part < 2 * parts; ++part) {
      const double value = std::ldexp(part, exponent - fraction_bits);
      if (value <= greatest) magnitudes.push_back(value);
    }
  }
  return mirrored(name, magnitudes);
}

}  // namespace

std::span<const LevelTable> level_tables() {
  static const std::vector<LevelTable> tables{
      {.name = "int", .most = 255},
      {.name = "int with offset", .most = 31, .offset = true},
      listed("nf4", kNf4),
      mirrored("fp4", kFp4),
      mirrored("fp4-e2m1", kE2m1),
      listed("iq4_nl", kIq4nl),
      float8("fp8-e4m3", 3, -6, 448),
      float8("fp8-e5m2", 2, -14, 57344),
  };
  return tables;
}

const LevelTable* level_table(std::string_view name) {
  for (const LevelTable& table : level_tables()) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

double nearest_level(const LevelTable& table, double x) {
  if (table.levels.empty()) return std::clamp(std::nearbyint(x), -table.most, table.most);
  const auto above = std::ranges::lower_bound(table.levels, x);
  if (above == table.levels.begin()) return table.levels.front();
  if (above == table.levels.end()) return table.levels.back();
  return *above - x < x - *(above - 1) ? *above : *(above - 1);
}

LevelGaps gaps_at(const LevelTable& table, double level) {
  if (table.levels.empty()) return {};
  const auto at = std::ranges::lower_bound(table.levels, level);
  LevelGaps gaps{0, 0};
  if (at != table.levels.begin()) gaps.below = *at - *(at - 1);
  if (at + 1 != table.levels.end()) gaps.above = *(at + 1) - *at;
  if (gaps.below == 0) gaps.below = gaps.above;
  if (gaps.above == 0) gaps.above = gaps.below;
  return gaps;
}

}  // namespace prov::forensics
