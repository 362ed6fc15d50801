#include "forensics/stored_precision.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace prov::forensics {
namespace {

// The C library's ilogb, ldexp and nearbyint do the same for every number, one call each; here a
// comparison asks for them a hundred million times.

constexpr int kFractionBits = 52, kBias = 1023;

/// For the exponents of normal doubles.
double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + kBias) << kFractionBits);
}

/// Exponent of the last fraction bit at |value|, value finite. Doubles below the normal ones lie
/// below those of every format too.
int last_bit(const StoredPrecision& precision, double value) {
  const auto field = std::bit_cast<std::uint64_t>(value) >> kFractionBits & 0x7ff;
  return std::max(precision.least_exponent, static_cast<int>(field) - kBias) -
         precision.fraction_bits;
}

/// To the nearest whole number, ties to even; |value| < 2^51.
double nearest_whole(double value) {
  constexpr double kOnlyWhole = 0x1.8p52;  // doubles of this size have no fraction
  return value + kOnlyWhole - kOnlyWhole;
}

}  // namespace

double step_at(const StoredPrecision& precision, double value) {
  return power_of_two(last_bit(precision, value));
}

double rounded_to(const StoredPrecision& precision, double value) {
  if (std::isnan(value)) return value;
  if (std::isinf(value)) return std::copysign(precision.greatest, value);
  const int bit = last_bit(precision, value);
  const double rounded = nearest_whole(value * power_of_two(-bit)) * power_of_two(bit);
  return std::clamp(std::copysign(rounded, value), -precision.greatest, precision.greatest);
}

double PossibleStorage::step_at(double value) const {
  double step = forensics::step_at(kF32, value);
  if (bf16) step = std::max(step, forensics::step_at(kBf16, value));
  if (f16) step = std::max(step, forensics::step_at(kF16, value));
  return step;
}

PossibleStorage possible_storage(std::span<const float> values) {
  PossibleStorage storage;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const auto exact = static_cast<double>(value);
    storage.bf16 = storage.bf16 && rounded_to(kBf16, exact) == exact;
    storage.f16 = storage.f16 && rounded_to(kF16, exact) == exact;
    if (!storage.bf16 && !storage.f16) break;
  }
  return storage;
}

}  // namespace prov::forensics
