#include "forensics/unit_alignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "forensics/unit_match.hpp"
#include "unit/forensics/random_matrix.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kUnits = 96, kWidth = 48;

/// Coordinates of different strength, so that there are main directions.
numeric::Matrix uneven(std::size_t units, std::uint64_t seed) {
  numeric::Matrix matrix = random_matrix(units, kWidth, seed);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j)
      matrix.row(i)[j] *= 1 + 2 / (1 + static_cast<float>(j));
  }
  return matrix;
}

std::vector<model::UnitRows> layers(std::size_t count, std::uint64_t seed, bool gated = true) {
  std::vector<model::UnitRows> result;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t own = seed + 10 * i;
    result.push_back({gated ? uneven(kUnits, own) : numeric::Matrix{}, uneven(kUnits, own + 1),
                      uneven(kUnits, own + 2)});
  }
  return result;
}

/// Rotated, each layer in another order, up and down of every third unit mirrored.
std::vector<model::UnitRows> turned(std::vector<model::UnitRows> of) {
  std::uint64_t seed = 70;
  for (model::UnitRows& layer : of) {
    const auto order = random_order(layer.up.rows, ++seed);
    for (numeric::Matrix* part : {&layer.gate, &layer.up, &layer.down}) {
      if (part->rows == 0) continue;
      *part = rotated(rotated(reordered(*part, order), 5), 9);
    }
    if (layer.gate.rows == 0) continue;
    for (numeric::Matrix* part : {&layer.up, &layer.down}) {
      for (std::size_t i = 0; i < part->rows; i += 3) {
        for (float& value : part->row(i)) value = -value;
      }
    }
  }
  return of;
}

double share(const UnitAlignment& alignment, std::size_t layer) {
  return match_units(alignment.a[layer], alignment.b[layer]).share();
}

TEST(AlignUnits, SeesThroughRotationOrderAndSigns) {
  for (const bool gated : {true, false}) {
    const auto a = layers(4, 1, gated);
    const UnitAlignment alignment = align_units(a, turned(a), {});
    ASSERT_EQ(alignment.missing, "");
    for (std::size_t layer = 0; layer < 4; ++layer) EXPECT_GT(share(alignment, layer), 0.95);
  }
}

TEST(AlignUnits, ALayerHasNoSayInTheMapThatItIsSeenThrough) {
  const auto a = layers(4, 1);
  auto b = turned(a);
  b[2] = layers(1, 900).front();  // a stranger among the even ones
  const UnitAlignment alignment = align_units(a, b, {});
  ASSERT_EQ(alignment.missing, "");
  EXPECT_LT(share(alignment, 2), 0.12);
  EXPECT_GT(share(alignment, 0), 0.95);  // seen through the odd ones
}

TEST(AlignUnits, StrangersShowChance) {
  const UnitAlignment alignment = align_units(layers(6, 1), layers(6, 500), {});
  ASSERT_EQ(alignment.missing, "");
  std::size_t agreeing = 0;
  for (std::size_t layer = 0; layer < 6; ++layer)
    agreeing += match_units(alignment.a[layer], alignment.b[layer]).agreeing;
  EXPECT_LT(agreeing, 40U);  // Poisson(18)
}

TEST(AlignUnits, LayersThatWereNotReadArePassedOver) {
  auto a = layers(5, 1);
  auto b = turned(a);
  a[1] = b[1] = {};
  const UnitAlignment alignment = align_units(a, b, {});
  ASSERT_EQ(alignment.missing, "");
  EXPECT_EQ(alignment.a[1].up.rows, 0U);
  EXPECT_GT(share(alignment, 4), 0.95);
}

TEST(AlignUnits, SaysWhyThereIsNone) {
  const auto a = layers(3, 1);
  EXPECT_NE(align_units(a, layers(2, 5), {}).missing, "");
  EXPECT_NE(align_units(layers(1, 1), layers(1, 5), {}).missing, "");
  EXPECT_NE(align_units(a, layers(3, 5, false), {}).missing, "");
  EXPECT_NE(align_units({}, {}, {}).missing, "");
  std::vector<model::UnitRows> zero = a;
  for (model::UnitRows& layer : zero) {
    for (numeric::Matrix* part : {&layer.gate, &layer.up, &layer.down})
      std::ranges::fill(part->values, 0.0F);
  }
  EXPECT_NE(align_units(a, zero, {}).missing, "");
}

}  // namespace
}  // namespace prov::forensics
