#include "fingerprint/sign_projection.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "support/random_matrix.hpp"

namespace prov::fingerprint {
namespace {

using Bits = std::array<std::uint64_t, 16>;
constexpr std::size_t kBits = 1024;

Bits project(const std::vector<float>& values, std::uint64_t seed = 1) {
  Bits bits{};
  EXPECT_TRUE(project_signs(values, seed, bits));
  return bits;
}

std::vector<float> mixed(const std::vector<float>& a, const std::vector<float>& b, double cosine) {
  std::vector<float> result;
  for (std::size_t i = 0; i < a.size(); ++i)
    result.push_back(
        static_cast<float>(cosine * static_cast<double>(a[i]) +
                           std::sqrt(1 - cosine * cosine) * static_cast<double>(b[i])));
  return result;
}

TEST(SignProjection, TellsTheAngle) {
  const auto a = tests::random_matrix(1, 16384, 1).values;
  const auto b = tests::random_matrix(1, 16384, 2).values;
  for (const double cosine : {0.0, 0.3, 0.6, 0.9, 0.99}) {
    const std::size_t differing = differing_bits(project(a), project(mixed(a, b, cosine)));
    EXPECT_NEAR(cosine_of_bits(differing, kBits), cosine, 0.15) << cosine;
  }
}

TEST(SignProjection, ScaleDoesNotMatterAndSignTurnsEveryBit) {
  auto values = tests::random_matrix(1, 5000, 3).values;
  const Bits bits = project(values);
  for (float& value : values) value *= 0.125F;
  EXPECT_EQ(project(values), bits);
  for (float& value : values) value = -value;
  EXPECT_EQ(differing_bits(project(values), bits), kBits);
}

TEST(SignProjection, EveryElementIsSeen) {
  // One element far above the others decides most bits, wherever it stands.
  const auto values = tests::random_matrix(1, 3000, 4).values;
  const Bits bits = project(values);
  for (const std::size_t place : {0U, 1023U, 1024U, 2999U}) {
    auto changed = values;
    changed[place] = 1e6F;
    EXPECT_GT(differing_bits(project(changed), bits), 400U) << place;
  }
}

TEST(SignProjection, SeedsAreIndependent) {
  const auto values = tests::random_matrix(1, 4096, 5).values;
  EXPECT_NEAR(static_cast<double>(differing_bits(project(values, 1), project(values, 2))), 512,
              100);
}

TEST(SignProjection, NothingIsSaidOfNothing) {
  Bits bits{};
  bits.fill(7);
  const Bits before = bits;
  EXPECT_FALSE(project_signs({}, 1, bits));
  EXPECT_FALSE(project_signs(std::vector<float>(100, 0), 1, bits));
  EXPECT_FALSE(
      project_signs(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}, 1, bits));
  EXPECT_FALSE(
      project_signs(std::vector<float>{1, std::numeric_limits<float>::infinity()}, 1, bits));
  EXPECT_EQ(bits, before);
}

TEST(SignProjection, FilledBitsSayNothingOfOtherModels) {
  Bits a{}, b{}, again{};
  fill_at_random(1, 10, a);
  fill_at_random(1, 11, b);
  fill_at_random(1, 10, again);
  EXPECT_EQ(a, again);
  EXPECT_NEAR(static_cast<double>(differing_bits(a, b)), 512, 100);
}

}  // namespace
}  // namespace prov::fingerprint
