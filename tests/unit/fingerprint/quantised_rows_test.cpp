#include "fingerprint/quantised_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/random_matrix.hpp"

namespace prov::fingerprint {
namespace {

TEST(QuantisedRows, ComeBackWithinHalfAStep) {
  const auto matrix = tests::random_matrix(5, 33, 1);
  const QuantisedRows rows = quantise_rows(matrix);
  const auto restored = restore_rows(rows);
  ASSERT_EQ(restored.values.size(), matrix.values.size());
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j)
      EXPECT_LE(std::abs(restored.row(i)[j] - matrix.row(i)[j]), 0.501F * rows.scales[i]);
  }
  EXPECT_EQ(quantise_rows(restored), rows);
}

TEST(QuantisedRows, ColumnsAreChosen) {
  const QuantisedRows rows = quantise_rows(tests::random_matrix(3, 8, 2));
  const auto all = restore_rows(rows);
  const auto few = restore_rows(rows, {6, 1});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(few.row(i)[0], all.row(i)[6]);
    EXPECT_EQ(few.row(i)[1], all.row(i)[1]);
  }
}

TEST(QuantisedRows, ZerosAndWhatIsNotFiniteBecomeZeros) {
  numeric::Matrix matrix(4, 2);
  matrix.values = {0, 0, 1, std::numeric_limits<float>::infinity(), 1, NAN, 1e-44F, 1e-45F};
  const QuantisedRows rows = quantise_rows(matrix);
  EXPECT_EQ(rows.scales, std::vector<float>(4, 0));
  EXPECT_EQ(rows.codes, std::vector<std::int8_t>(8, 0));
}

TEST(QuantisedRows, TheLargestFloatDoesNotOverflow) {
  numeric::Matrix matrix(1, 2);
  matrix.values = {std::numeric_limits<float>::max(), -std::numeric_limits<float>::max()};
  EXPECT_EQ(quantise_rows(matrix).codes, (std::vector<std::int8_t>{127, -127}));
}

}  // namespace
}  // namespace prov::fingerprint
