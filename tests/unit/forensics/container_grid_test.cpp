// Weights rounded as ggml rounds them, tested on the grid that the container's type states.
#include "forensics/container_grid.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "forensics/grid_rounding.hpp"
#include "unit/forensics/altered_matrix.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kRows = 16, kColumns = 512;

/// Q8_0, with a scale of a power of two in place of an f16.
numeric::Matrix as_q8_0(const numeric::Matrix& matrix) {
  return group_by_group(matrix, 32, [](std::span<float> group) {
    const float d =
        std::exp2(std::ceil(std::log2(static_cast<float>(largest_magnitude(group)) / 127)));
    for (float& value : group) value = d * std::nearbyint(value / d);
  });
}

/// Q4_K: scale and least value in whole numbers of steps of the block.
numeric::Matrix as_q4_k(const numeric::Matrix& matrix) {
  return group_by_group(matrix, 32, [](std::span<float> group) {
    constexpr float kD = 0x1p-7F, kDmin = 0x1p-6F;
    const float least =
        kDmin * std::ceil(std::max(0.0F, -*std::ranges::min_element(group)) / kDmin);
    const float scale = kD * std::ceil((*std::ranges::max_element(group) + least) / 15 / kD);
    for (float& value : group)
      value = scale * std::clamp(std::nearbyint((value + least) / scale), 0.0F, 15.0F) - least;
  });
}

TEST(ContainerGrid, NamesTheTypeAndLeavesNothingToChance) {
  const auto grid = container_grid(format::Dtype::q4_k);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->name, "Q4_K");
  EXPECT_TRUE(grid->stated);
  EXPECT_EQ(grid->bits, 4);
  EXPECT_FALSE(container_grid(format::Dtype::bf16));
  EXPECT_FALSE(container_grid(format::Dtype::i8));
}

TEST(ContainerGrid, EveryBlockTypeHasOne) {
  for (int i = 0; i <= static_cast<int>(format::Dtype::nvfp4); ++i) {
    const auto dtype = static_cast<format::Dtype>(i);
    EXPECT_EQ(container_grid(dtype).has_value(), format::is_block_quantised(dtype))
        << format::dtype_name(dtype);
  }
}

TEST(ContainerGrid, TellsWhoWasRounded) {
  const numeric::Matrix original = random_matrix(kRows, kColumns, 1);
  const numeric::Matrix other = random_matrix(kRows, kColumns, 2);
  for (const auto& [dtype, quantised] : {std::pair(format::Dtype::q8_0, as_q8_0(original)),
                                         std::pair(format::Dtype::q4_k, as_q4_k(original))}) {
    const auto grid = container_grid(dtype);
    ASSERT_TRUE(grid);
    EXPECT_GE(share_rounded_to(original, quantised, *grid).value_or(0), 0.999) << grid->name;
    EXPECT_LT(share_rounded_to(other, quantised, *grid).value_or(1), 0.5) << grid->name;
  }
}

TEST(ContainerGrid, CodebooksOfVectorsDoNotTell) {
  const numeric::Matrix matrix = random_matrix(kRows, kColumns, 1);
  EXPECT_FALSE(share_rounded_to(matrix, matrix, *container_grid(format::Dtype::iq2_xxs)));
}

}  // namespace
}  // namespace prov::forensics
