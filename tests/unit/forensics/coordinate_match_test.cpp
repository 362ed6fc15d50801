#include "forensics/coordinate_match.hpp"

#include <gtest/gtest.h>

#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

const numeric::Matrix& tokens() {
  static const numeric::Matrix rows = random_matrix(300, 40, 1);
  return rows;
}

numeric::Matrix with_columns(const numeric::Matrix& matrix, const std::vector<std::size_t>& order) {
  return numeric::transposed(reordered(numeric::transposed(matrix), order));
}

TEST(CoordinateMatch, TellsAPermutedStreamFromOneLeftAlone) {
  const auto same = match_coordinates(tokens(), tokens());
  ASSERT_TRUE(same);
  EXPECT_EQ(same->in_place, 1);
  EXPECT_EQ(same->matched, 1);
  const auto moved = match_coordinates(tokens(), with_columns(tokens(), random_order(40, 2)));
  EXPECT_LT(moved->in_place, 0.2);
  EXPECT_EQ(moved->matched, 1);
  EXPECT_EQ(moved->mirrored, 0);
}

TEST(CoordinateMatch, SeesMirroredCoordinates) {
  numeric::Matrix mirrored = tokens();
  for (std::size_t i = 0; i < mirrored.rows; ++i) {
    for (std::size_t j = 0; j < mirrored.columns; j += 2) mirrored.row(i)[j] *= -1;
  }
  const auto match = match_coordinates(tokens(), mirrored);
  EXPECT_EQ(match->in_place, 1);
  EXPECT_NEAR(match->mirrored, 0.5, 1e-9);
}

TEST(CoordinateMatch, ARotatedStreamHasNoPartners) {
  const auto match = match_coordinates(tokens(), rotated(rotated(tokens(), 3), 50));
  EXPECT_LT(match->matched, 0.3);
}

TEST(CoordinateMatch, NeedsTokens) {
  EXPECT_FALSE(match_coordinates(numeric::Matrix(10, 4), numeric::Matrix(10, 4)));
  EXPECT_FALSE(match_coordinates(numeric::Matrix(100, 4), numeric::Matrix(99, 4)));
}

}  // namespace
}  // namespace prov::forensics
