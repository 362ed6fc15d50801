// Tails of distributions as decimal logarithms: far out the probability itself underflows. A NaN
// argument gives NaN. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace prov::numeric {

/// log10 P(X > z) for a standard normal X; relative error below 1e-9 for any finite z, -inf for
/// +inf. Up to z = 25 from erfc, beyond it from the asymptotic series (Abramowitz and Stegun
/// 26.2.12).
double log10_normal_tail(double z);

/// The z with log10_normal_tail(z) == log10_p: how many standard deviations a probability is worth,
/// however small. Relative error below 1e-9 (absolute for |z| < 1). +inf for -inf, -inf for 0, NaN
/// above 0.
double normal_z_of_log10_tail(double log10_p);

/// log10 P(T > t) for Student's T with `dof` > 0 degrees of freedom (any real number); relative
/// error of the probability below 1e-9 for dof <= 1e6, also where it underflows. Continued fraction
/// of the incomplete beta function (NIST DLMF 8.17.22) in logarithms. NaN for dof <= 0.
double log10_student_tail(double t, double dof);

/// log10 of the probability of a rank correlation of at least r (Spearman) if all orders of `count`
/// units are equally likely: t = r sqrt((count - 2) / (1 - r^2)) is about Student's with count - 2
/// degrees of freedom. Never below -log10(count!), the probability of the one order with r = 1,
/// where t ends. r in [-1, 1]; r >= 1 counts as 1. 0 below two units, which have no order.
double log10_spearman_tail(double r, std::size_t count);

/// Fisher's combination of `count` independent p-values: log10 of the probability that the product
/// of `count` uniform numbers is at most exp(sum_of_ln_p). Exact: with s = -sum_of_ln_p it is e^-s
/// sum_{i < count} s^i / i!. 0 for no values, -inf for -inf, NaN for a positive sum.
double log10_fisher(double sum_of_ln_p, std::size_t count);

/// log10 P(X >= k) for a Poisson X with this mean: how surprising k hits are. Relative error of the
/// probability below 1e-8 for k and mean up to 1e6. NaN for a negative or infinite mean.
double log10_poisson_tail(std::uint64_t k, double mean);

}  // namespace prov::numeric
