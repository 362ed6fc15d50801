// Tails of distributions as decimal logarithms: far out the probability itself underflows.
#pragma once

namespace prov::numeric {

/// log10 P(X > z) for a standard normal X; relative error below 1e-9 for any finite z, -inf for
/// +inf, NaN for NaN. Up to z = 25 from erfc, beyond it from the asymptotic series (Abramowitz and
/// Stegun 26.2.12).
double log10_normal_tail(double z);

}  // namespace prov::numeric
