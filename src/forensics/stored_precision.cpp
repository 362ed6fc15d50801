#include "forensics/stored_precision.hpp"

#include <algorithm>
#include <cmath>

namespace prov::forensics {
namespace {

/// Exponent of the last fraction bit at |value|.
int last_bit(const StoredPrecision& precision, double value) {
  int exponent = precision.least_exponent;
  if (value != 0) exponent = std::max(exponent, std::ilogb(value));
  return exponent - precision.fraction_bits;
}

}  // namespace

double step_at(const StoredPrecision& precision, double value) {
  return std::ldexp(1.0, last_bit(precision, value));
}

double rounded_to(const StoredPrecision& precision, double value) {
  if (std::isnan(value)) return value;
  if (std::isinf(value)) return std::copysign(precision.greatest, value);
  const int bit = last_bit(precision, value);
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(value, -bit)), bit);
  return std::clamp(rounded, -precision.greatest, precision.greatest);
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
