#include "numeric/gemm.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "numeric/kernels/kernels.hpp"

namespace prov::numeric {
namespace {

std::vector<float> pattern(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(i * 7 % 251) * 0.0137F - 1.3F;  // 251: divides no tile
  return values;
}

TEST(MultiplyByTranspose, EqualsAKnownProduct) {
  const std::vector<float> a = {1, 2, 3, 4, 5, 6}, b = {1, 0, -1, 2, 2, 2};
  std::vector<float> out(4);
  multiply_by_transpose(a, 2, b, 2, 3, out);
  EXPECT_EQ(out, (std::vector<float>{-2, 12, -2, 30}));
}

TEST(MultiplyByTranspose, OfAMatrixWithItselfHasTheSameBits) {
  for (const std::string_view name : {kernels().name, kScalarKernels.name}) {
    const std::string before(kernels().name);
    force_kernels(name);
    for (const std::size_t rows : {1U, 2U, 7U, 64U, 255U, 257U, 530U}) {
      const std::size_t columns = 300;
      const std::vector<float> a = pattern(rows * columns), copy = a;
      std::vector<float> ours(rows * rows, -1), reference(rows * rows, -2);
      multiply_by_transpose(a, rows, a, rows, columns, ours);
      multiply_by_transpose(a, rows, copy, rows, columns, reference);
      EXPECT_EQ(ours, reference) << rows;
    }
    force_kernels(before);
  }
}

}  // namespace
}  // namespace prov::numeric
