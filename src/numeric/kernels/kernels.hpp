// The inner loops, once in plain C++ (scalar.cpp, the specification) and once for each SIMD target
// (simd.cpp).
//
// Every set gives the same bits (docs/numeric-contract.md):
//   - element i of a block is added into lane i % 16, each lane an f32, i ascending; products are
//   rounded before they are
//     added (no FMA);
//   - at the end of the block lane j takes lane j + 8, then j + 4, j + 2, j + 1; lane 0 is the
//   result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "numeric/half.hpp"

namespace prov::numeric {

inline constexpr std::size_t kLanes = 16;
/// Longest run of elements that is summed in f32; longer sums go through double.
inline constexpr std::size_t kBlock = 4096;
/// Columns of a matrix product that are summed in f32 before the sum is added to the result.
inline constexpr std::size_t kProductDepth = 256;

/// Lanes of numeric/chained_norm.hpp.
inline constexpr std::size_t kChainLanes = 8;

/// Lanes of a sum of products in double.
inline constexpr std::size_t kDoubleLanes = 8;

/// The largest gain and the next one; of equal gains the first position comes first.
struct BestTwo {
  std::uint32_t column = 0, next_column = 0;
  double gain = -std::numeric_limits<double>::infinity();
  double next_gain = -std::numeric_limits<double>::infinity();

  void offer(std::uint32_t at, double value) {
    const auto precedes = [&](double other, std::uint32_t place) {
      return value > other || (value == other && at < place);
    };
    if (precedes(gain, column)) {
      next_column = column, next_gain = gain;
      column = at, gain = value;
    } else if (precedes(next_gain, next_column)) {
      next_column = at, next_gain = value;
    }
  }
};

/// One block's sums of products.
struct BlockProducts {
  float aa = 0, bb = 0, ab = 0;
};

/// A set of inner loops. Pointers need no alignment beyond that of their type; n <= kBlock for
/// sums.
struct Kernels {
  std::string_view name;  // "scalar" or Highway's name of the target, e.g. "AVX2"

  float (*square_sum_f32)(const float* x, std::size_t n);
  float (*square_sum_bf16)(const Bfloat16* x, std::size_t n);
  float (*square_sum_f16)(const Float16* x, std::size_t n);
  /// Adds x[i]^2 to lanes[i % kChainLanes], i ascending; n is a multiple of kChainLanes. Any n.
  void (*chain_squares_f32)(const float* x, std::size_t n, float* lanes);
  void (*chain_squares_bf16)(const Bfloat16* x, std::size_t n, float* lanes);
  void (*chain_squares_f16)(const Float16* x, std::size_t n, float* lanes);
  /// chain_squares of x into lanes_x and of y into lanes_y; both of n elements.
  void (*chain_two_squares_f32)(const float* x, const float* y, std::size_t n, float* lanes_x,
                                float* lanes_y);
  void (*chain_two_squares_bf16)(const Bfloat16* x, const Bfloat16* y, std::size_t n,
                                 float* lanes_x, float* lanes_y);
  void (*chain_two_squares_f16)(const Float16* x, const Float16* y, std::size_t n, float* lanes_x,
                                float* lanes_y);

  float (*dot)(const float* a, const float* b, std::size_t n);
  /// Of x[i] * factors[i], each product rounded first.
  float (*scaled_square_sum)(const float* x, const float* factors, std::size_t n);
  BlockProducts (*products)(const float* a, const float* b, std::size_t n);
  /// Number of i with a[i] == b[i] as numbers: 0 equals -0, NaN equals nothing. Any n.
  std::size_t (*count_equal)(const float* a, const float* b, std::size_t n);

  /// x[i] -= factor * y[i], the product rounded first. Any n.
  void (*subtract_multiple)(float* x, float factor, const float* y, std::size_t n);

  /// Any n.
  void (*widen_bf16)(const Bfloat16* x, std::size_t n, float* out);
  void (*widen_f16)(const Float16* x, std::size_t n, float* out);
  /// Upper and lower 16 bits of each f32, any n. Returns the bitwise "or" of all lower halves.
  std::uint16_t (*split_halves)(const float* x, std::size_t n, std::uint16_t* upper,
                                std::uint16_t* lower);

  /// Element i is added into lane i % kDoubleLanes; the lanes as those of f32. Any n.
  double (*dot_f64)(const double* a, const double* b, std::size_t n);
  /// x, y = cosine x - sine y, sine x + cosine y. Any n.
  void (*rotate_f64)(double* x, double* y, std::size_t n, double cosine, double sine);
  /// sums[i] += (factor x[i])^2, in double. Any n.
  void (*add_squares_f64)(const float* x, double factor, std::size_t n, double* sums);
  /// The two largest score[i] - price[i]; no NaN. n < 2^32.
  BestTwo (*best_two)(const float* score, const double* price, std::size_t n);
  /// Where base - score[i] + price[i] < distance[i], it becomes distance[i], and from[i] = row.
  /// Returns the least distance, infinity for none. No NaN. Any n.
  double (*shorten_ways)(const float* score, double base, const double* price, std::size_t n,
                         double row, double* distance, double* from);
  /// The first i with x[i] == value, else n.
  std::size_t (*find_f64)(const double* x, std::size_t n, double value);

  /// distance[i] = number of bits in which code i differs from `query`; each of `words` words, the
  /// codes one after the other. words < 2^26. Any count.
  void (*bit_distances)(const std::uint64_t* query, const std::uint64_t* codes, std::size_t count,
                        std::size_t words, std::uint32_t* distance);

  /// out[i * b_rows + j] = <row i of a, row j of b>; see multiply_by_transpose in gemm.hpp. With
  /// `lower_only`, results with j > i may be left out.
  void (*multiply_by_transpose)(const float* a, std::size_t a_rows, const float* b,
                                std::size_t b_rows, std::size_t columns, float* out,
                                bool lower_only);
};

/// The set in use: the one that PROVENANCEKIT_FORCE_KERNEL names, else the best for this CPU.
/// Unknown names are ignored. Chosen at the first call. Thread-safe.
const Kernels& kernels();

/// All sets that run on this CPU, best first, "scalar" last.
const std::vector<const Kernels*>& available_kernels();

/// Makes `name` the set in use and returns true, or returns false if there is none of that name.
/// For tests.
bool force_kernels(std::string_view name);

/// The specification.
extern const Kernels kScalarKernels;

namespace internal {
/// One set for each SIMD target that this CPU supports, best first.
std::vector<const Kernels*> simd_kernels();
}  // namespace internal

}  // namespace prov::numeric
