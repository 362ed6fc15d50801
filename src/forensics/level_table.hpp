// The numbers a quantiser can store, before its scale: whole numbers or a fixed list.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace prov::forensics {

/// Levels are in ascending order. Whole numbers have no list: all with |level| <= most.
struct LevelTable {
  std::string_view name;       // "int", "nf4", "fp8-e4m3", ...
  std::vector<double> levels;  // empty: whole numbers
  double most = 0;             // largest |level|
  bool offset = false;         // values are scale * level + an offset of the group
};

/// Every table that is tried: whole numbers to 255 through zero, whole numbers to 31 above an
/// offset (GGUF Q4_1, Q5_1, Q4_K, HQQ), NF4 and FP4 of bitsandbytes, FP4 of MXFP4 and NVFP4, the
/// list of GGUF IQ4_NL, FP8 E4M3 and E5M2. Never changes. Thread-safe.
std::span<const LevelTable> level_tables();
/// Null if no table has the name.
const LevelTable* level_table(std::string_view name);

/// The level nearest to `x`; the outermost beyond the ends.
double nearest_level(const LevelTable& table, double x);
/// Distances to the next level below and above; beyond the ends that of the other side.
struct LevelGaps {
  double below = 1, above = 1;
};
LevelGaps gaps_at(const LevelTable& table, double level);

}  // namespace prov::forensics
