// The inner loops over doubles for every SIMD target; kernels.hpp describes them, scalar.cpp has
// the same in plain C++.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "numeric/kernels/double_lanes.cpp"
// clang-format off: Highway reads what this header defines
#include "numeric/kernels/simd_targets.hpp"
// clang-format on

#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <array>
#include <limits>

#include "numeric/kernels/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace prov::numeric {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using F64 = hn::CappedTag<double, kDoubleLanes>;
using F32 = hn::Rebind<float, F64>;
using Vector = hn::Vec<F64>;
constexpr std::size_t kWidth = hn::MaxLanes(F64());
constexpr std::size_t kVectors = kDoubleLanes / kWidth;

Vector load(const double* x) { return hn::LoadU(F64(), x); }
Vector load(const float* x) { return hn::PromoteTo(F64(), hn::LoadU(F32(), x)); }

}  // namespace

double dot_f64(const double* a, const double* b, std::size_t n) {
  Vector part[kVectors];
  for (auto& vector : part) vector = hn::Zero(F64());
  std::size_t i = 0;
  for (; i + kDoubleLanes <= n; i += kDoubleLanes) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t at = i + v * kWidth;
      part[v] = hn::Add(part[v], hn::Mul(load(a + at), load(b + at)));
    }
  }
  std::array<double, kDoubleLanes> lane;
  for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(part[v], F64(), lane.data() + v * kWidth);
  for (; i < n; ++i) lane[i % kDoubleLanes] += a[i] * b[i];
  for (std::size_t width = kDoubleLanes / 2; width > 0; width /= 2) {
    for (std::size_t j = 0; j < width; ++j) lane[j] += lane[j + width];
  }
  return lane[0];
}

void rotate_f64(double* x, double* y, std::size_t n, double cosine, double sine) {
  const Vector c = hn::Set(F64(), cosine), s = hn::Set(F64(), sine);
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const Vector old_x = load(x + i), old_y = load(y + i);
    hn::StoreU(hn::Sub(hn::Mul(c, old_x), hn::Mul(s, old_y)), F64(), x + i);
    hn::StoreU(hn::Add(hn::Mul(s, old_x), hn::Mul(c, old_y)), F64(), y + i);
  }
  kScalarKernels.rotate_f64(x + i, y + i, n - i, cosine, sine);
}

void add_squares_f64(const float* x, double factor, std::size_t n, double* sums) {
  const Vector scale = hn::Set(F64(), factor);
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const Vector value = hn::Mul(scale, load(x + i));
    hn::StoreU(hn::Add(load(sums + i), hn::Mul(value, value)), F64(), sums + i);
  }
  kScalarKernels.add_squares_f64(x + i, factor, n - i, sums + i);
}

BestTwo best_two(const float* score, const double* price, std::size_t n) {
  const F64 d;
  Vector gain = hn::Set(d, -std::numeric_limits<double>::infinity()), next_gain = gain;
  Vector at = hn::Zero(d), next_at = at;
  Vector position = hn::Iota(d, 0);
  const Vector step = hn::Set(d, static_cast<double>(kWidth));
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const Vector here = hn::Sub(load(score + i), load(price + i));
    const auto better = hn::Gt(here, gain);
    const auto second = hn::Gt(here, next_gain);
    next_at = hn::IfThenElse(better, at, hn::IfThenElse(second, position, next_at));
    next_gain = hn::IfThenElse(better, gain, hn::IfThenElse(second, here, next_gain));
    at = hn::IfThenElse(better, position, at);
    gain = hn::IfThenElse(better, here, gain);
    position = hn::Add(position, step);
  }
  // The two best of each lane, then what is left over.
  std::array<double, 2 * kWidth> gains, positions;
  hn::StoreU(gain, d, gains.data());
  hn::StoreU(next_gain, d, gains.data() + kWidth);
  hn::StoreU(at, d, positions.data());
  hn::StoreU(next_at, d, positions.data() + kWidth);
  BestTwo best;
  for (std::size_t k = 0; k < gains.size(); ++k)
    best.offer(static_cast<std::uint32_t>(positions[k]), gains[k]);
  for (; i < n; ++i)
    best.offer(static_cast<std::uint32_t>(i), static_cast<double>(score[i]) - price[i]);
  return best;
}

double shorten_ways(const float* score, double base, const double* price, std::size_t n, double row,
                    double* distance, double* from) {
  const F64 d;
  const Vector start = hn::Set(d, base), source = hn::Set(d, row);
  Vector least = hn::Set(d, std::numeric_limits<double>::infinity());
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const Vector way = hn::Add(hn::Sub(start, load(score + i)), load(price + i));
    const Vector old = load(distance + i);
    const auto shorter = hn::Lt(way, old);
    const Vector now = hn::IfThenElse(shorter, way, old);
    hn::StoreU(now, d, distance + i);
    hn::StoreU(hn::IfThenElse(shorter, source, load(from + i)), d, from + i);
    least = hn::Min(least, now);
  }
  const double rest =
      kScalarKernels.shorten_ways(score + i, base, price + i, n - i, row, distance + i, from + i);
  return std::min(rest, hn::GetLane(hn::MinOfLanes(d, least)));
}

std::size_t find_f64(const double* x, std::size_t n, double value) {
  const Vector wanted = hn::Set(F64(), value);
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const std::ptrdiff_t found = hn::FindFirstTrue(F64(), hn::Eq(load(x + i), wanted));
    if (found >= 0) return i + static_cast<std::size_t>(found);
  }
  return i + kScalarKernels.find_f64(x + i, n - i, value);
}

}  // namespace HWY_NAMESPACE
}  // namespace prov::numeric
HWY_AFTER_NAMESPACE();
