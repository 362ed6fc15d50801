// The float formats weights are stored in, as grids of numbers: how far apart neighbours lie, what
// a value rounds to, and which formats a block of decoded values may have come through.
#pragma once

#include <span>
#include <string_view>

namespace prov::forensics {

/// A binary float with subnormals. Thread-safe constants below.
struct StoredPrecision {
  std::string_view name;  // as in a safetensors header
  int fraction_bits;      // stored, without the leading one
  int least_exponent;     // of the smallest normal number
  double greatest;        // largest finite value
};

inline constexpr StoredPrecision kF32{"F32", 23, -126, 0x1.fffffep127};
inline constexpr StoredPrecision kBf16{"BF16", 7, -126, 0x1.fep127};
inline constexpr StoredPrecision kF16{"F16", 10, -14, 65504};
inline constexpr StoredPrecision kF8E4m3{"F8_E4M3", 3, -6, 448};
inline constexpr StoredPrecision kF8E5m2{"F8_E5M2", 2, -14, 57344};

/// Distance to the next larger number of the format at |value|, > 0. value must be finite.
double step_at(const StoredPrecision& precision, double value);

/// The nearest number of the format, ties to the even one; beyond `greatest`, +-greatest. NaN
/// stays.
double rounded_to(const StoredPrecision& precision, double value);

/// The formats that hold every finite value of a block exactly, whatever it is stored as now: an
/// F32 copy of a BF16 model may come from BF16. F32 always may.
struct PossibleStorage {
  bool bf16 = true, f16 = true;
  /// Distance to the next larger number at |value| in the coarsest of them.
  double step_at(double value) const;
};
PossibleStorage possible_storage(std::span<const float> values);

}  // namespace prov::forensics
