#include "numeric/main_subspace.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

namespace prov::numeric {
namespace {

using Values = std::vector<float>;

double random_part(std::uint64_t& state) {
  state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
  return static_cast<double>(state >> 40U) / 0x1p24 - 0.5;
}

double dot(const Values& a, std::size_t i, const Values& b, std::size_t j, std::size_t columns) {
  double sum = 0;
  for (std::size_t k = 0; k < columns; ++k)
    sum += static_cast<double>(a[i * columns + k]) * static_cast<double>(b[j * columns + k]);
  return sum;
}

constexpr std::size_t kColumns = 90;

/// The unit vectors of a cosine transform: known, and nothing like the axes.
Values cosine_basis(std::size_t count) {
  Values basis(count * kColumns);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < kColumns; ++k) {
      basis[i * kColumns + k] = static_cast<float>(
          std::sqrt(2.0 / kColumns) * std::cos(std::acos(-1.0) * static_cast<double>(i + 1) *
                                               (static_cast<double>(k) + 0.5) / kColumns));
    }
  }
  return basis;
}

/// Rows that lie in the span of the basis, direction i of strength 0.8^i, and a little beside it.
Values samples(std::size_t rows, std::size_t directions, double scale) {
  const Values basis = cosine_basis(directions);
  Values values(rows * kColumns);
  std::uint64_t state = 7;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k < kColumns; ++k)
      values[row * kColumns + k] = static_cast<float>(scale * 1e-3 * random_part(state));
    for (std::size_t i = 0; i < directions; ++i) {
      const double weight = scale * std::pow(0.8, i) * random_part(state);
      for (std::size_t k = 0; k < kColumns; ++k)
        values[row * kColumns + k] +=
            static_cast<float>(weight * static_cast<double>(basis[i * kColumns + k]));
    }
  }
  return values;
}

TEST(MainSubspace, FindsThePlantedDirections) {
  constexpr std::size_t kRows = 400, kCount = 6;
  const Values basis = cosine_basis(kCount);
  for (const double scale : {1.0, 1e-30, 1e30}) {
    const Values found = *main_subspace(samples(kRows, kCount, scale), kRows, kColumns, kCount, 2);
    ASSERT_EQ(found.size(), kCount * kColumns);
    for (std::size_t i = 0; i < kCount; ++i) {
      for (std::size_t j = 0; j < kCount; ++j)
        EXPECT_NEAR(dot(found, i, found, j, kColumns), i == j ? 1 : 0, 1e-6);
      double covered = 0;  // of a planted direction
      for (std::size_t j = 0; j < kCount; ++j)
        covered += std::pow(dot(basis, i, found, j, kColumns), 2);
      EXPECT_NEAR(covered, 1, 1e-4) << i;
    }
  }
}

TEST(MainSubspace, PutsTheMainDirectionFirst) {
  Values values(3 * 4);
  values[0 * 4 + 2] = 1;
  values[1 * 4 + 0] = -5;
  values[2 * 4 + 3] = 3;
  const Values found = *main_subspace(values, 3, 4, 2, 1);
  EXPECT_NEAR(std::abs(found[0]), 1, 1e-6);
  EXPECT_NEAR(std::abs(found[4 + 3]), 1, 1e-6);
}

TEST(MainSubspace, HasTheSameBitsWithAnyNumberOfThreads) {
  const Values values = samples(300, 20, 1);
  const Values one = *main_subspace(values, 300, kColumns, 12, 1);
  for (const std::size_t workers : {0U, 2U, 3U, 7U})
    EXPECT_EQ(one, *main_subspace(values, 300, kColumns, 12, workers)) << workers;
}

TEST(MainSubspace, IsAbsentWhereDirectionsAreMissing) {
  Values values(20 * 10, 0.0F);
  EXPECT_FALSE(main_subspace(values, 20, 10, 1, 1));
  for (std::size_t i = 0; i < 20; ++i) values[i * 10 + 3] = static_cast<float>(i);
  EXPECT_TRUE(main_subspace(values, 20, 10, 1, 1));
  EXPECT_FALSE(main_subspace(values, 20, 10, 2, 1));  // rank one
  EXPECT_FALSE(main_subspace(values, 20, 10, 0, 1));
  EXPECT_FALSE(main_subspace(values, 20, 10, 11, 1));
  EXPECT_FALSE(main_subspace({}, 0, 10, 1, 1));
}

TEST(MainSubspace, IsAbsentForWhatIsNotFinite) {
  Values values = samples(40, 5, 1);
  values[77] = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(main_subspace(values, 40, kColumns, 3, 1));
  values[77] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(main_subspace(values, 40, kColumns, 3, 1));
}

/// The columns in another order, every third one mirrored: an orthogonal map that rounds nothing.
Values turned(const Values& values, std::size_t rows) {
  Values result(values.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < kColumns; ++j)
      result[i * kColumns + (j * 7 + 3) % kColumns] =
          (j % 3 == 0 ? -1.0F : 1.0F) * values[i * kColumns + j];
  }
  return result;
}

TEST(RowCombinations, FollowAnOrthogonalMapOfTheRows) {
  static_assert(kColumns % 7 != 0);
  constexpr std::size_t kRows = 60, kCount = 16;
  const Values values = samples(kRows, 40, 1);
  const Values basis = *row_combinations(values, kRows, kColumns, kCount, 1);
  for (std::size_t i = 0; i < kCount; ++i) {
    for (std::size_t j = 0; j < kCount; ++j)
      EXPECT_NEAR(dot(basis, i, basis, j, kColumns), i == j ? 1 : 0, 1e-5);
  }
  const Values followed = *row_combinations(turned(values, kRows), kRows, kColumns, kCount, 2);
  const Values expected = turned(basis, kCount);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(followed[i], expected[i], 1e-3);
}

TEST(RowCombinations, AreAbsentWhereDirectionsAreMissing) {
  const Values values = samples(40, 5, 1);
  EXPECT_TRUE(row_combinations(values, 40, kColumns, 5, 1));
  Values twice(2 * kColumns);
  std::copy_n(values.begin(), kColumns, twice.begin());
  std::copy_n(values.begin(), kColumns, twice.begin() + kColumns);
  EXPECT_FALSE(row_combinations(twice, 2, kColumns, 2, 1));
  EXPECT_FALSE(row_combinations(values, 40, kColumns, 0, 1));
  EXPECT_FALSE(row_combinations(Values(20 * 10, 0.0F), 20, 10, 1, 1));
}

}  // namespace
}  // namespace prov::numeric
