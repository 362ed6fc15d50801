// Made by ./dev calibrate with provenancekit 0.1.0 from the zoo dev at depth deep:
// 114 pairs of relatives, 407 pairs of strangers (core pairs, more negatives 400).
// Do not edit; docs/evaluation.md says how the lines are drawn.
#include "verdict/calibration.hpp"

namespace prov::verdict {
namespace {

// clang-format off

constexpr std::array<CalibratedLine, 8> kLines = {{
    {"hidden-assignment", 162, 106, -0.193241, 2.20358, 2.43393, -1.23699, -0.422721, 117.969, 41.1699, 3.0, 11.1135,
     false, 19, {178, 0, 106, 19}},
    {"hidden-geometry", 162, 19, -0.220076, 1.4215, 2.95416, -2.10431, -1.86089, -0.0448227, 280.703, 3.0, 29.0191,
     false, 15, {178, 0, 19, 15}},
    {"hidden-permutation-z", 162, 106, -0.133091, 1.80665, 2.68328, -10.1878, -1.02975, 245.834, 69.097, 3.0, 14.3976,
     false, 19, {178, 0, 106, 19}},
    {"layer-map", 0, 113, kAbsent, kAbsent, kAbsent, 12.1244, 46.2687, 107.354, 12.1244, 3.0, 6.03101,
     true, 0, {0, 0, 0, 0}},
    {"residual-permutation-z", 186, 113, -0.254081, 2.08977, 2.35677, -1.72582, -0.482346, 58.2564, 43.1819, 3.0, 11.3818,
     false, 11, {221, 0, 113, 11}},
    {"unit-match", 186, 113, 0.278883, 2.13058, 2.81349, -1.53845, 0.198611, 63.3815, 7.11626, 3.0, 4.62048,
     false, 11, {221, 0, 113, 22}},
    {"unit-match-recovered", 407, 113, 0.121498, 5.93046, 6.90236, -0.956046, 2.89058, 63.5569, 27.9134, 6.90236, 15.7656,
     false, 17, {617, 0, 113, 17}},
    {"unit-match-tokens", 407, 113, -0.0681083, 3.28545, 4.58198, -1.71369, -0.128355, 63.2058, 7.66003, 4.58198, 5.92437,
     false, 18, {617, 0, 113, 25}},
}};

constexpr std::array<FamilyHoldOut, 5> kFamilies = {{
    {"bert", {87, 0, 2, 0}},
    {"gpt2", {86, 0, 4, 0}},
    {"llama", {281, 0, 102, 0}},
    {"neox", {85, 0, 2, 0}},
    {"qwen", {78, 0, 3, 0}},
}};

constexpr std::array<CalibratedBand, 3> kBands = {{
    {0, 401, 0.00871562},
    {0, 6, 0.335516},
    {113, 0, 0.997524},
}};

// clang-format on

}  // namespace

std::span<const CalibratedLine> calibrated_lines() { return kLines; }
std::span<const FamilyHoldOut> family_hold_outs() { return kFamilies; }
std::span<const CalibratedBand, 3> calibrated_bands() { return kBands; }

}  // namespace prov::verdict
