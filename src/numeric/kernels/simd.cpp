// The kernels for every SIMD target, compiled once per target by Highway
// (https://github.com/google/highway).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "numeric/kernels/simd.cpp"
// clang-format off: Highway reads what this header defines
#include "numeric/kernels/simd_targets.hpp"
// clang-format on

#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "numeric/kernels/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace prov::numeric {
namespace HWY_NAMESPACE {

// double_lanes.cpp
double dot_f64(const double* a, const double* b, std::size_t n);
void rotate_f64(double* x, double* y, std::size_t n, double cosine, double sine);
BestTwo best_two(const float* score, const double* price, std::size_t n);
double shorten_ways(const float* score, double base, const double* price, std::size_t n, double row,
                    double* distance, double* from);
void add_squares_f64(const float* x, double factor, std::size_t n, double* sums);
std::size_t find_f64(const double* x, std::size_t n, double value);

// matrix_product.cpp
void multiply_by_transpose(const float* a, std::size_t a_rows, const float* b, std::size_t b_rows,
                           std::size_t columns, float* out, bool lower_only);

namespace {

namespace hn = hwy::HWY_NAMESPACE;

// As many f32 as the target has, at most 16; kVectors of them make the 16 lanes of the contract.
using F32 = hn::CappedTag<float, kLanes>;
using U32 = hn::RebindToUnsigned<F32>;
using U16 = hn::Rebind<std::uint16_t, F32>;
using Vector = hn::Vec<F32>;
constexpr std::size_t kWidth = hn::MaxLanes(F32());
constexpr std::size_t kVectors = kLanes / kWidth;

const std::uint16_t* as_bits(const Bfloat16* x) {
  return reinterpret_cast<const std::uint16_t*>(x);
}
const std::uint16_t* as_bits(const Float16* x) { return reinterpret_cast<const std::uint16_t*>(x); }

// A vector of f32 from elements of any kind.
template <class D>
hn::Vec<D> load(D d, const float* x) {
  return hn::LoadU(d, x);
}

template <class D>
hn::Vec<D> load(D d, const Bfloat16* x) {
  const auto bits = hn::PromoteTo(hn::RebindToUnsigned<D>(),
                                  hn::LoadU(hn::Rebind<std::uint16_t, D>(), as_bits(x)));
  return hn::BitCast(d, hn::ShiftLeft<16>(bits));
}

// numeric/half.hpp has the same steps in plain C++.
template <class D>
hn::Vec<D> load(D d, const Float16* x) {
  const hn::RebindToUnsigned<D> u32;
  const auto bits = hn::PromoteTo(u32, hn::LoadU(hn::Rebind<std::uint16_t, D>(), as_bits(x)));
  const auto magnitude = hn::ShiftLeft<13>(hn::And(bits, hn::Set(u32, 0x7fffu)));
  const auto scaled = hn::BitCast(u32, hn::Mul(hn::BitCast(d, magnitude), hn::Set(d, 0x1p112f)));
  const auto special = hn::Gt(magnitude, hn::Set(u32, 0x0f7fffffu));
  const auto value = hn::IfThenElse(special, hn::Or(magnitude, hn::Set(u32, 0x7f800000u)), scaled);
  const auto sign = hn::ShiftLeft<16>(hn::And(bits, hn::Set(u32, 0x8000u)));
  return hn::BitCast(d, hn::Or(value, sign));
}

template <class T>
Vector load(const T* x) {
  return load(F32(), x);
}

// The 16 lanes of the contract.
struct Lanes {
  Vector part[kVectors];

  Lanes() {
    for (auto& vector : part) vector = hn::Zero(F32());
  }

  float tree_sum() const {
    std::array<float, kLanes> lane;
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(part[v], F32(), lane.data() + v * kWidth);
    for (std::size_t width = kLanes / 2; width > 0; width /= 2) {
      for (std::size_t j = 0; j < width; ++j) lane[j] += lane[j + width];
    }
    return lane[0];
  }
};

// The last n % 16 elements, followed by zeros, which add nothing.
template <class T>
class PaddedTail {
 public:
  PaddedTail(const T* x, std::size_t n) {
    std::copy_n(x + n / kLanes * kLanes, n % kLanes, padded_.begin());
  }
  const T* data() const { return padded_.data(); }

 private:
  std::array<T, kLanes> padded_{};
};

template <class T>
float square_sum(const T* x, std::size_t n) {
  Lanes sum;
  const auto add = [&sum](const T* chunk) HWY_ATTR {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const Vector value = load(chunk + v * kWidth);
      sum.part[v] = hn::Add(sum.part[v], hn::Mul(value, value));
    }
  };
  for (std::size_t i = 0; i + kLanes <= n; i += kLanes) add(x + i);
  if (n % kLanes != 0) add(PaddedTail<T>(x, n).data());
  return sum.tree_sum();
}

// Each addition waits for the one before: the order of the sum is what this kernel is for.
template <class T>
class SquareChain {
 public:
  SquareChain(const T* x, float* lanes) : x_(x), lanes_(lanes) {
    for (std::size_t v = 0; v < kVectors; ++v) sum_[v] = hn::LoadU(Tag(), lanes + v * kWidth);
  }
  void add(std::size_t i) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const auto value = load(Tag(), x_ + i + v * kWidth);
      sum_[v] = hn::Add(sum_[v], hn::Mul(value, value));
    }
  }
  void finish() const {
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sum_[v], Tag(), lanes_ + v * kWidth);
  }

 private:
  using Tag = hn::CappedTag<float, kChainLanes>;
  static constexpr std::size_t kWidth = hn::MaxLanes(Tag());
  static constexpr std::size_t kVectors = kChainLanes / kWidth;

  const T* x_;
  float* lanes_;
  hn::Vec<Tag> sum_[kVectors];
};

template <class T>
void chain_squares(const T* x, std::size_t n, float* lanes) {
  SquareChain<T> chain(x, lanes);
  for (std::size_t i = 0; i < n; i += kChainLanes) chain.add(i);
  chain.finish();
}

// The second chain is added while the first one waits.
template <class T>
void chain_two_squares(const T* x, const T* y, std::size_t n, float* lanes_x, float* lanes_y) {
  SquareChain<T> chain_x(x, lanes_x), chain_y(y, lanes_y);
  for (std::size_t i = 0; i < n; i += kChainLanes) {
    chain_x.add(i);
    chain_y.add(i);
  }
  chain_x.finish();
  chain_y.finish();
}

float dot(const float* a, const float* b, std::size_t n) {
  Lanes sum;
  const auto add = [&sum](const float* chunk_a, const float* chunk_b) HWY_ATTR {
    for (std::size_t v = 0; v < kVectors; ++v) {
      sum.part[v] =
          hn::Add(sum.part[v], hn::Mul(load(chunk_a + v * kWidth), load(chunk_b + v * kWidth)));
    }
  };
  for (std::size_t i = 0; i + kLanes <= n; i += kLanes) add(a + i, b + i);
  if (n % kLanes != 0) add(PaddedTail<float>(a, n).data(), PaddedTail<float>(b, n).data());
  return sum.tree_sum();
}

float scaled_square_sum(const float* x, const float* factors, std::size_t n) {
  Lanes sum;
  const auto add = [&sum](const float* chunk, const float* chunk_factors) HWY_ATTR {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const Vector value = hn::Mul(load(chunk + v * kWidth), load(chunk_factors + v * kWidth));
      sum.part[v] = hn::Add(sum.part[v], hn::Mul(value, value));
    }
  };
  for (std::size_t i = 0; i + kLanes <= n; i += kLanes) add(x + i, factors + i);
  if (n % kLanes != 0) add(PaddedTail<float>(x, n).data(), PaddedTail<float>(factors, n).data());
  return sum.tree_sum();
}

BlockProducts products(const float* a, const float* b, std::size_t n) {
  Lanes aa, bb, ab;
  const auto add = [&](const float* chunk_a, const float* chunk_b) HWY_ATTR {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const Vector va = load(chunk_a + v * kWidth);
      const Vector vb = load(chunk_b + v * kWidth);
      aa.part[v] = hn::Add(aa.part[v], hn::Mul(va, va));
      bb.part[v] = hn::Add(bb.part[v], hn::Mul(vb, vb));
      ab.part[v] = hn::Add(ab.part[v], hn::Mul(va, vb));
    }
  };
  for (std::size_t i = 0; i + kLanes <= n; i += kLanes) add(a + i, b + i);
  if (n % kLanes != 0) add(PaddedTail<float>(a, n).data(), PaddedTail<float>(b, n).data());
  return {aa.tree_sum(), bb.tree_sum(), ab.tree_sum()};
}

std::size_t count_equal(const float* a, const float* b, std::size_t n) {
  std::size_t count = 0;
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth)
    count += hn::CountTrue(F32(), hn::Eq(load(a + i), load(b + i)));
  return count + kScalarKernels.count_equal(a + i, b + i, n - i);
}

void subtract_multiple(float* x, float factor, const float* y, std::size_t n) {
  const Vector multiple = hn::Set(F32(), factor);
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth)
    hn::StoreU(hn::Sub(load(x + i), hn::Mul(multiple, load(y + i))), F32(), x + i);
  kScalarKernels.subtract_multiple(x + i, factor, y + i, n - i);
}

using U64 = hn::CappedTag<std::uint64_t, 8>;
using Counts = hn::Vec<U64>;
constexpr std::size_t kWords = hn::MaxLanes(U64());

// Codes that are counted together. Adding up the lanes costs more than counting, so it is done for
// all of them at once, a quarter of each lane for each: a distance fits 16 bits as long as a code
// has fewer than 1024 words.
constexpr std::size_t kCodes = 4;
struct FourCounts {
  Counts of[kCodes];
};

Counts differing(const std::uint64_t* query, const std::uint64_t* code) {
  return hn::PopulationCount(hn::Xor(hn::LoadU(U64(), query), hn::LoadU(U64(), code)));
}

// Each vector of the query is loaded once for four codes.
FourCounts count_side_by_side(const std::uint64_t* query, const std::uint64_t* codes,
                              std::size_t words, std::size_t whole) {
  auto a = hn::Zero(U64()), b = a, c = a, d = a;
  for (std::size_t w = 0; w < whole; w += kWords) {
    a = hn::Add(a, differing(query + w, codes + w));
    b = hn::Add(b, differing(query + w, codes + words + w));
    c = hn::Add(c, differing(query + w, codes + 2 * words + w));
    d = hn::Add(d, differing(query + w, codes + 3 * words + w));
  }
  return {{a, b, c, d}};
}

// Long codes are read from one end to the other: memory is what they wait for, and its bytes come
// fastest in their order.
FourCounts count_in_order(const std::uint64_t* query, const std::uint64_t* codes, std::size_t words,
                          std::size_t whole) {
  FourCounts counts;
  for (std::size_t j = 0; j < kCodes; ++j, codes += words) {
    auto even = hn::Zero(U64()), odd = even;
    std::size_t w = 0;
    for (; w + 2 * kWords <= whole; w += 2 * kWords) {
      even = hn::Add(even, differing(query + w, codes + w));
      odd = hn::Add(odd, differing(query + w + kWords, codes + w + kWords));
    }
    if (w < whole) even = hn::Add(even, differing(query + w, codes + w));
    counts.of[j] = hn::Add(even, odd);
  }
  return counts;
}

// The distance of each code, all added up at once.
void store_sums(const FourCounts& counts, std::uint32_t* distance) {
  const auto ab = hn::Add(counts.of[0], hn::ShiftLeft<16>(counts.of[1]));
  const auto cd = hn::Add(counts.of[2], hn::ShiftLeft<16>(counts.of[3]));
  const auto all = hn::Add(ab, hn::ShiftLeft<32>(cd));
  const std::uint64_t sums = hn::GetLane(hn::SumOfLanes(U64(), all));
  for (std::size_t j = 0; j < kCodes; ++j)
    distance[j] = static_cast<std::uint32_t>(sums >> (16 * j) & 0xffffU);
}

// Asks for what comes some codes later: the CPU's own prefetcher stops at the end of each page.
void fetch_ahead(const std::uint64_t* codes, std::size_t words) {
  constexpr std::size_t kAhead = 4096 / sizeof(std::uint64_t), kLine = 64 / sizeof(std::uint64_t);
  for (std::size_t w = 0; w < kCodes * words; w += kLine) hwy::Prefetch(codes + kAhead + w);
}

void bit_distances(const std::uint64_t* query, const std::uint64_t* codes, std::size_t count,
                   std::size_t words, std::uint32_t* distance) {
  // In words. Codes of kShort need no loop: a tenth less time where they lie in the cache.
  constexpr std::size_t kShort = 8, kLong = 32;
  std::size_t i = 0;
  for (; i + kCodes <= count && words == kShort; i += kCodes, codes += kCodes * kShort) {
    fetch_ahead(codes, kShort);
    store_sums(count_side_by_side(query, codes, kShort, kShort), distance + i);
  }
  const std::size_t whole = words / kWords * kWords;
  for (; i + kCodes <= count && words < 1024; i += kCodes, codes += kCodes * words) {
    fetch_ahead(codes, words);
    store_sums(words < kLong ? count_side_by_side(query, codes, words, whole)
                             : count_in_order(query, codes, words, whole),
               distance + i);
    if (whole == words) continue;
    for (std::size_t j = 0; j < kCodes; ++j) {
      for (std::size_t w = whole; w < words; ++w)
        distance[i + j] +=
            static_cast<std::uint32_t>(std::popcount(query[w] ^ codes[j * words + w]));
    }
  }
  kScalarKernels.bit_distances(query, codes, count - i, words, distance + i);
}

template <class T>
void widen_all(const T* x, std::size_t n, float* out) {
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) hn::StoreU(load(x + i), F32(), out + i);
  for (; i < n; ++i) out[i] = widen(x[i]);
}

std::uint16_t split_halves(const float* x, std::size_t n, std::uint16_t* upper,
                           std::uint16_t* lower) {
  const U32 u32;
  const U16 u16;
  const auto mask = hn::Set(u32, 0xffffu);
  auto any = hn::Zero(u32);
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const auto bits = hn::BitCast(u32, load(x + i));
    const auto low = hn::And(bits, mask);
    hn::StoreU(hn::TruncateTo(u16, hn::ShiftRight<16>(bits)), u16, upper + i);
    hn::StoreU(hn::TruncateTo(u16, low), u16, lower + i);
    any = hn::Or(any, low);
  }
  std::array<std::uint32_t, kWidth> lane;
  hn::StoreU(any, u32, lane.data());
  unsigned any_lower = kScalarKernels.split_halves(x + i, n - i, upper + i, lower + i);
  for (std::uint32_t bits : lane) any_lower |= bits;
  return static_cast<std::uint16_t>(any_lower);
}

[[maybe_unused]] const Kernels* kernel_set() {
  static const Kernels set = {
      .name = hwy::TargetName(HWY_TARGET),
      .square_sum_f32 = square_sum<float>,
      .square_sum_bf16 = square_sum<Bfloat16>,
      .square_sum_f16 = square_sum<Float16>,
      .chain_squares_f32 = chain_squares<float>,
      .chain_squares_bf16 = chain_squares<Bfloat16>,
      .chain_squares_f16 = chain_squares<Float16>,
      .chain_two_squares_f32 = chain_two_squares<float>,
      .chain_two_squares_bf16 = chain_two_squares<Bfloat16>,
      .chain_two_squares_f16 = chain_two_squares<Float16>,
      .dot = dot,
      .scaled_square_sum = scaled_square_sum,
      .products = products,
      .count_equal = count_equal,
      .subtract_multiple = subtract_multiple,
      .widen_bf16 = widen_all<Bfloat16>,
      .widen_f16 = widen_all<Float16>,
      .split_halves = split_halves,
      .dot_f64 = dot_f64,
      .rotate_f64 = rotate_f64,
      .add_squares_f64 = add_squares_f64,
      .best_two = best_two,
      .shorten_ways = shorten_ways,
      .find_f64 = find_f64,
      .bit_distances = bit_distances,
      .multiply_by_transpose = multiply_by_transpose,
  };
  return &set;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace prov::numeric
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace prov::numeric::internal {
namespace {

#if HWY_ARCH_X86
/// Whether this CPU and its system run what Highway compiles for a target (hwy/targets.cc). Not
/// asked of libhwy, which measures the clock for 3 ms whenever it is loaded; its headers suffice.
bool runs(std::int64_t target) {
  const bool sse4 = __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("sse4.1") &&
                    __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul") &&
                    __builtin_cpu_supports("aes");
  const bool avx2 = sse4 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("f16c") && __builtin_cpu_supports("lzcnt");
  const bool avx3 = avx2 && __builtin_cpu_supports("avx512f") &&
                    __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  const bool avx3_dl =
      avx3 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vbmi") &&
      __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bitalg") &&
      __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("vpclmulqdq") &&
      __builtin_cpu_supports("vaes") && __builtin_cpu_supports("gfni");
  return (target == HWY_AVX3_DL && avx3_dl) || (target == HWY_AVX3 && avx3) ||
         (target == HWY_AVX2 && avx2) || (target == HWY_SSE4 && sse4) ||
         (target == HWY_SSSE3 && __builtin_cpu_supports("ssse3"));
}
#endif

}  // namespace

std::vector<const Kernels*> simd_kernels() {
  std::vector<const Kernels*> sets;
#if HWY_ARCH_X86
  const auto add = [&](std::int64_t target, const Kernels* (*set)()) {
    if (runs(target)) sets.push_back(set());
  };
#if HWY_TARGETS & HWY_AVX3_DL
  add(HWY_AVX3_DL, N_AVX3_DL::kernel_set);
#endif
#if HWY_TARGETS & HWY_AVX3
  add(HWY_AVX3, N_AVX3::kernel_set);
#endif
#if HWY_TARGETS & HWY_AVX2
  add(HWY_AVX2, N_AVX2::kernel_set);
#endif
#if HWY_TARGETS & HWY_SSE4
  add(HWY_SSE4, N_SSE4::kernel_set);
#endif
#if HWY_TARGETS & HWY_SSSE3
  add(HWY_SSSE3, N_SSSE3::kernel_set);
#endif
#elif HWY_STATIC_TARGET != HWY_SCALAR && HWY_STATIC_TARGET != HWY_EMU128
  sets.push_back(HWY_STATIC_DISPATCH(kernel_set)());
#endif
  return sets;
}

}  // namespace prov::numeric::internal
#endif
