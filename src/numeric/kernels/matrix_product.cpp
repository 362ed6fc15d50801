// The matrix product for every SIMD target. Each result is summed over k alone, so that neither the
// width of the vectors (over j) nor the cut into tiles changes a bit. The cut is that of BLIS (Van
// Zee and van de Geijn 2015): a packed panel of rows of a stays in L1 while packed rows of b stream
// past it from L2.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "numeric/kernels/matrix_product.cpp"
// clang-format off: Highway reads what this header defines
#include "numeric/kernels/simd_targets.hpp"
// clang-format on

#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "numeric/kernels/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace prov::numeric {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Rows of b that are packed at a time: 256 KiB of f32, which fits every L2.
constexpr std::size_t kPackedRows = 256;

// `rows` rows of x, kProductDepth or fewer columns, column after column: packed[k * width + i].
// Rows up to `width` become zeros.
void pack(const float* x, std::size_t stride, std::size_t rows, std::size_t depth,
          std::size_t width, float* packed) {
  constexpr std::size_t kAtOnce = 16;  // of a row: one cache line
  if (rows < width) std::fill_n(packed, depth * width, 0.0f);
  for (std::size_t begin = 0; begin < depth; begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, depth);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = begin; k < end; ++k) packed[k * width + i] = x[i * stride + k];
    }
  }
}

// Of packed rows: a cache line.
constexpr std::align_val_t kPanelAlignment{64};
struct FreePanel {
  void operator()(float* panel) const { ::operator delete[](panel, kPanelAlignment); }
};

// Where a tile of results lies; only `columns` of them exist.
struct Tile {
  float* out;
  std::size_t stride, columns;
};

// The product with vectors D, two side by side in a tile.
template <class D>
class Product {
 public:
  static void multiply(const float* a, std::size_t a_rows, const float* b, std::size_t b_rows,
                       std::size_t columns, float* out, bool lower_only) {
    std::fill_n(out, a_rows * b_rows, 0.0f);
    const std::unique_ptr<float[], FreePanel> packed(
        new (kPanelAlignment) float[kPackedRows * kProductDepth]);
    for (std::size_t k = 0; k < columns; k += kProductDepth) {
      const std::size_t depth = std::min(kProductDepth, columns - k);
      for (std::size_t j = 0; j < b_rows; j += kPackedRows) {
        const std::size_t count = std::min(kPackedRows, b_rows - j);
        for (std::size_t p = 0; p < count; p += kColumns) {
          pack(b + (j + p) * columns + k, columns, std::min(kColumns, count - p), depth, kColumns,
               packed.get() + p * depth);
        }
        const auto panel = [&]<std::size_t kRows>(std::size_t i) {
          multiply_panel<kRows>(
              a + i * columns + k, columns, packed.get(), depth,
              {out + i * b_rows + j, b_rows, lower_only ? std::min(count, i + kRows - j) : count});
        };
        std::size_t i = lower_only ? j / kMostRows * kMostRows : 0;
        for (; i + kMostRows <= a_rows; i += kMostRows) panel.template operator()<kMostRows>(i);
        for (; i + 4 <= a_rows; i += 4) panel.template operator()<4>(i);
        for (; i < a_rows; ++i) panel.template operator()<1>(i);
      }
    }
  }

 private:
  using Vector = hn::Vec<D>;
  static constexpr std::size_t kWidth = hn::MaxLanes(D());
  static constexpr std::size_t kColumns = 2 * kWidth;
  // As many sums as registers hold beside their factors: 32 registers with AVX-512, else 16.
  static constexpr std::size_t kMostRows = HWY_TARGET <= HWY_AVX3 ? 12 : 6;
  static_assert(kPackedRows % kColumns == 0);

  // Adds the products of kRows rows of a and all packed rows of b.
  template <std::size_t kRows>
  static void multiply_panel(const float* a, std::size_t stride, const float* packed_b,
                             std::size_t depth, const Tile& row) {
    std::array<float, kProductDepth * kRows> packed_a;
    pack(a, stride, kRows, depth, kRows, packed_a.data());
    for (std::size_t j = 0; j < row.columns; j += kColumns) {
      multiply_tile<kRows>(packed_a.data(), packed_b + j * depth, depth,
                           {row.out + j, row.stride, std::min(kColumns, row.columns - j)});
    }
  }

  // Adds kRows x kColumns products. a: kRows values for each k, b: kColumns values.
  template <std::size_t kRows>
  static void multiply_tile(const float* a, const float* b, std::size_t depth, const Tile& tile) {
    const D d;
    Vector left[kRows], right[kRows];
    for (std::size_t r = 0; r < kRows; ++r) left[r] = right[r] = hn::Zero(d);
    for (std::size_t k = 0; k < depth; ++k) {
      const Vector b_left = hn::LoadU(d, b + k * kColumns);
      const Vector b_right = hn::LoadU(d, b + k * kColumns + kWidth);
      for (std::size_t r = 0; r < kRows; ++r) {
        const Vector value = hn::Set(d, a[k * kRows + r]);
        left[r] = hn::Add(left[r], hn::Mul(value, b_left));
        right[r] = hn::Add(right[r], hn::Mul(value, b_right));
      }
    }
    for (std::size_t r = 0; r < kRows; ++r) {
      float* out = tile.out + r * tile.stride;
      if (tile.columns == kColumns) {
        hn::StoreU(hn::Add(hn::LoadU(d, out), left[r]), d, out);
        hn::StoreU(hn::Add(hn::LoadU(d, out + kWidth), right[r]), d, out + kWidth);
        continue;
      }
      std::array<float, kColumns> sums;
      hn::StoreU(left[r], d, sums.data());
      hn::StoreU(right[r], d, sums.data() + kWidth);
      for (std::size_t j = 0; j < tile.columns; ++j) out[j] += sums[j];
    }
  }
};

// Zen 3 and 4 run 512-bit vectors in two halves, and products with 256 bits 1.4 times faster.
bool halves_wide_vectors() {
#if HWY_ARCH_X86
  __builtin_cpu_init();
  return __builtin_cpu_is("amdfam19h") != 0;
#else
  return false;
#endif
}

}  // namespace

void multiply_by_transpose(const float* a, std::size_t a_rows, const float* b, std::size_t b_rows,
                           std::size_t columns, float* out, bool lower_only) {
  using Wide = hn::CappedTag<float, kLanes>;
  using Narrow = hn::CappedTag<float, 8>;
  static const bool narrow = hn::MaxLanes(Wide()) > 8 && halves_wide_vectors();
  const auto multiply = narrow ? Product<Narrow>::multiply : Product<Wide>::multiply;
  multiply(a, a_rows, b, b_rows, columns, out, lower_only);
}

}  // namespace HWY_NAMESPACE
}  // namespace prov::numeric
HWY_AFTER_NAMESPACE();
