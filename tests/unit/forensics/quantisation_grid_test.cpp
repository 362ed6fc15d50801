#include "forensics/quantisation_grid.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "forensics/grid_rounding.hpp"
#include "forensics/level_table.hpp"
#include "unit/forensics/altered_matrix.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kRows = 32, kColumns = 512;
constexpr StoredPrecision kStored[] = {kF32, kF16, kBf16};

numeric::Matrix weights(std::uint64_t seed) {
  numeric::Matrix matrix = random_matrix(kRows, kColumns, seed);
  for (float& value : matrix.values) value *= 0.02F;
  return stored_as(std::move(matrix), kBf16);
}

/// Every value on the level nearest to it, scaled so that the largest of a group is `reach`.
numeric::Matrix on_table(numeric::Matrix matrix, std::size_t size, const LevelTable& table,
                         double reach) {
  return group_by_group(std::move(matrix), size, [&](std::span<float> group) {
    const double scale = largest_magnitude(group) / reach;
    for (float& value : group)
      value = static_cast<float>(nearest_level(table, static_cast<double>(value) / scale) * scale);
  });
}

/// As AutoGPTQ and AWQ: whole zero point, scale in f16.
numeric::Matrix with_zero_point(numeric::Matrix matrix, std::size_t size, double most) {
  return group_by_group(std::move(matrix), size, [&](std::span<float> group) {
    double low = 0, high = 0;
    for (const float value : group) {
      low = std::min(low, static_cast<double>(value));
      high = std::max(high, static_cast<double>(value));
    }
    const double scale = rounded_to(kF16, (high - low) / most);
    const double zero = std::clamp(std::nearbyint(-low / scale), 0.0, most);
    for (float& value : group) {
      const double code = std::nearbyint(static_cast<double>(value) / scale) + zero;
      value = static_cast<float>((std::clamp(code, 0.0, most) - zero) * scale);
    }
  });
}

/// As GGUF Q4_1: code * scale + minimum.
numeric::Matrix with_offset(numeric::Matrix matrix, std::size_t size, double most) {
  return group_by_group(std::move(matrix), size, [&](std::span<float> group) {
    const auto [low, high] = std::ranges::minmax(group);
    const double offset = rounded_to(kF16, static_cast<double>(low));
    const double scale = rounded_to(kF16, static_cast<double>(high - low) / most);
    for (float& value : group) {
      const double code = std::nearbyint((static_cast<double>(value) - offset) / scale);
      value = static_cast<float>(std::clamp(code, 0.0, most) * scale + offset);
    }
  });
}

void expect_grid(const numeric::Matrix& a, const numeric::Matrix& b, const std::string& name) {
  const auto grid = quantisation_grid(b);
  ASSERT_TRUE(grid) << name;
  EXPECT_EQ(grid->name, name);
  EXPECT_EQ(grid->fitting, grid->groups);
  EXPECT_LT(grid->log10_chance, -100);
  const auto share = share_rounded_to(a, b, *grid);
  ASSERT_TRUE(share);
  EXPECT_GT(*share, 0.999) << name;
  EXPECT_FALSE(quantisation_grid(a));
}

TEST(QuantisationGrid, FindsWholeNumbersInGroups) {
  const numeric::Matrix a = weights(1);
  for (const StoredPrecision& stored : kStored) {
    for (const std::size_t size : {32U, 64U, 128U, 256U}) {
      const std::string groups = ", groups of " + std::to_string(size);
      expect_grid(a, stored_as(quantised(a, size, 7), stored), "int4" + groups);
      expect_grid(a, stored_as(with_zero_point(a, size, 15), stored), "int4" + groups);
      expect_grid(a, stored_as(quantised(a, size, 3), stored), "int3" + groups);
    }
    expect_grid(a, stored_as(quantised(a, kColumns, 127), stored), "int8, per row");
    expect_grid(a, stored_as(quantised(a, 32, 127), stored), "int8, groups of 32");
    expect_grid(a, stored_as(quantised(a, kColumns, 7), stored), "int4, per row");
    expect_grid(a, stored_as(with_offset(a, 32, 15), stored), "int4 with offset, groups of 32");
  }
  expect_grid(a, stored_as(with_offset(a, 32, 31), kF32), "int5 with offset, groups of 32");
}

TEST(QuantisationGrid, FindsOneScaleForTheWholeTensor) {
  const numeric::Matrix a = weights(1);
  numeric::Matrix b = a;  // three levels, as BitNet has
  for (float& value : b.values)
    value = static_cast<float>(
        std::clamp(std::nearbyint(static_cast<double>(value) / 0.0137), -1.0, 1.0) * 0.0137);
  expect_grid(a, stored_as(b, kBf16), "int2, per tensor");
}

TEST(QuantisationGrid, FindsListedLevels) {
  const numeric::Matrix a = weights(1);
  const auto listed = [&](const char* table, std::size_t size, double reach) {
    return on_table(a, size, *level_table(table), reach);
  };
  for (const StoredPrecision& stored : kStored) {
    expect_grid(a, stored_as(listed("nf4", 64, 1), stored), "nf4, groups of 64");
    expect_grid(a, stored_as(listed("fp4", 64, 1), stored), "fp4, groups of 64");
    expect_grid(a, stored_as(listed("fp4-e2m1", 32, 6), stored), "fp4-e2m1, groups of 32");
    expect_grid(a, stored_as(listed("iq4_nl", 32, 113), stored), "iq4_nl, groups of 32");
    expect_grid(a, stored_as(listed("fp8-e4m3", kColumns, 448), stored), "fp8-e4m3, per row");
    expect_grid(a, stored_as(listed("fp8-e5m2", 128, 57344), stored), "fp8-e5m2, groups of 128");
    expect_grid(a, stored_as(listed("fp8-e4m3", 128, 448), stored), "fp8-e4m3, groups of 128");
  }
}

TEST(QuantisationGrid, DoesNotSeeGridsInUngriddedBlocks) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const numeric::Matrix a = weights(seed);
    for (const StoredPrecision& stored : kStored)
      EXPECT_FALSE(quantisation_grid(stored_as(a, stored)));
    EXPECT_FALSE(quantisation_grid(half_pruned(a, 4)));
    numeric::Matrix uniform = a;
    RandomSource random(seed);
    for (float& value : uniform.values) value = static_cast<float>(random.uniform() - 0.5);
    EXPECT_FALSE(quantisation_grid(stored_as(uniform, kBf16)));
    EXPECT_FALSE(quantisation_grid(stored_as(uniform, kF16)));
    for (float& value : uniform.values) value = std::ldexp(value, -18);  // F16 subnormals
    EXPECT_FALSE(quantisation_grid(stored_as(uniform, kF16)));
  }
}

/// A single short row is too little to accuse anyone.
TEST(QuantisationGrid, NeedsEnoughValues) {
  const numeric::Matrix a = stored_as(random_matrix(1, 8, 3), kBf16);
  EXPECT_FALSE(quantisation_grid(stored_as(quantised(a, 8, 127), kBf16)));
  EXPECT_FALSE(quantisation_grid(numeric::Matrix(64, 64)));
  numeric::Matrix constant(64, 64);
  std::ranges::fill(constant.values, 0.25F);
  EXPECT_FALSE(quantisation_grid(constant));
  numeric::Matrix repeated(512, 8);  // one row may fit by accident, and says it once
  for (std::size_t i = 0; i < repeated.rows; ++i) {
    const float row[] = {0.25F, -0.5F, 0.75F, 0.25F, -1.0F, 0.5F, 1.0F, -0.75F};
    std::ranges::copy(row, repeated.row(i).begin());
  }
  EXPECT_FALSE(quantisation_grid(repeated));
  EXPECT_FALSE(quantisation_grid(numeric::Matrix()));
  EXPECT_FALSE(quantisation_grid(numeric::Matrix(5, 0)));
}

TEST(QuantisationGrid, ToleratesFewGroupsOffTheGrid) {
  numeric::Matrix b = quantised(weights(1), 32, 7);
  const numeric::Matrix noise = random_matrix(kRows, kColumns, 8);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 64; j < 96; ++j) b.row(3 * i)[j] += 0.002F * noise.row(i)[j];
  }
  const auto grid = quantisation_grid(stored_as(b, kBf16));
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->name, "int4, groups of 32");
  EXPECT_EQ(grid->groups - grid->fitting, 4U);
}

TEST(QuantisationGrid, IsAbsentForNumbersThatAreNone) {
  numeric::Matrix bad = stored_as(quantised(weights(1), 32, 7), kBf16);
  bad.values[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(quantisation_grid(bad));
}

}  // namespace
}  // namespace prov::forensics
