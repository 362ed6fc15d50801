// Made by ./dev calibrate. Do not edit. The lines of calibration_table.hpp that this room needs;
// docs/lines.md shows what each lies between.
#pragma once

namespace prov::forensics::lines {

inline constexpr double kLayerZ = 8.0;
inline constexpr double kOrderSpeaks = 12.0;
inline constexpr double kStreamTurned = 0.17;
inline constexpr double kOnlyTurned = 0.995;
inline constexpr double kUnitZ = 12.0;
inline constexpr double kGridChance = -12.0;
inline constexpr double kMaterialCosine = 0.05;
inline constexpr double kRawLayerUnits = 0.15;
inline constexpr double kMappedLayerUnits = 0.25;
inline constexpr double kSpectrumGap = 2.3;
inline constexpr double kSpectrumEnergy = 0.25;
inline constexpr double kZerosAlone = 0.01;
inline constexpr double kProductsKept = 0.8;
inline constexpr double kHeadsTurned = 0.15;
inline constexpr double kHeadsScaled = 0.2115;

}  // namespace prov::forensics::lines
