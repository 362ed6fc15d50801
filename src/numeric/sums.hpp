// Sums over any number of elements: f32 within blocks of kBlock elements, double across them. The
// same bits on every CPU (docs/numeric-contract.md). Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "numeric/half.hpp"

namespace prov::numeric {

/// Sum of squares of the finite elements, and how many are not finite.
struct SquareSum {
  double sum = 0;
  std::uint64_t non_finite = 0;

  SquareSum& operator+=(const SquareSum& other) {
    sum += other.sum;
    non_finite += other.non_finite;
    return *this;
  }
};

SquareSum square_sum(std::span<const float> x);
SquareSum square_sum(std::span<const Bfloat16> x);
SquareSum square_sum(std::span<const Float16> x);

/// Goes on with a sum. Pieces of any multiple of kBlock elements (the last one any) give the bits
/// of the whole.
void add_squares(std::span<const float> x, SquareSum& total);
void add_squares(std::span<const Bfloat16> x, SquareSum& total);
void add_squares(std::span<const Float16> x, SquareSum& total);

/// sums[i] += (factor x[i])^2, in double. x.size() == sums.size(). NaN and infinity go through.
void add_each_square(std::span<const float> x, double factor, std::span<double> sums);

/// <a, a>, <b, b> and <a, b>. NaN and infinity go through.
struct Products {
  double aa = 0, bb = 0, ab = 0;
};
/// a.size() == b.size().
Products products(std::span<const float> a, std::span<const float> b);
double dot(std::span<const float> a, std::span<const float> b);
/// Sum of (x[i] factors[i])^2. NaN and infinity go through. Equal sizes.
double scaled_square_sum(std::span<const float> x, std::span<const float> factors);

/// Number of positions with equal values: 0 equals -0, NaN equals nothing. a.size() == b.size().
std::size_t count_equal(std::span<const float> a, std::span<const float> b);

/// out[i] = x[i], exactly. out.size() == x.size().
void widen(std::span<const Bfloat16> x, std::span<float> out);
void widen(std::span<const Float16> x, std::span<float> out);

/// Upper and lower 16 bits of each element; true if any lower half is not zero. All three of one
/// size.
bool split_halves(std::span<const float> x, std::span<std::uint16_t> upper,
                  std::span<std::uint16_t> lower);

}  // namespace prov::numeric
