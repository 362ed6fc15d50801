#include "model/mlp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/unit_strengths.hpp"
#include "support/checkpoints.hpp"

namespace prov::model {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

constexpr const char* kLayer = "model.layers.0.";

/// Two hidden units over three coordinates.
tests::Safetensors llama(const std::vector<float>& gains, const std::vector<float>& gate,
                         const std::vector<float>& up, const std::vector<float>& down) {
  const std::string layer = kLayer;
  tests::Safetensors tensors;
  tensors.f32(layer + "post_attention_layernorm.weight", {3}, gains)
      .f32(layer + "mlp.gate_proj.weight", {2, 3}, gate)
      .f32(layer + "mlp.up_proj.weight", {2, 3}, up)
      .f32(layer + "mlp.down_proj.weight", {3, 2}, down);
  return tensors;
}

/// Of every unit.
std::vector<double> strengths_of(const Checkpoint& checkpoint, const Mlp& mlp) {
  return read_strongest_units(checkpoint, mlp, mlp.hidden())->strengths;
}

const std::vector<std::uint64_t> kUnits{0, 1}, kCoordinates{0, 1, 2};

TEST(Mlps, FoldTheGainsIntoWhatReads) {
  const Checkpoint checkpoint =
      tests::opened(llama({2, 1, 0.5}, {1, 2, 4, 1, 1, 2}, {1, 0, 0, 0, 1, 0}, {1, 4, 2, 5, 3, 6}));
  const std::vector<Mlp> mlps = mlps_of(checkpoint, {}, 1);
  ASSERT_EQ(mlps.size(), 1U);
  const auto rows = read_units(checkpoint, mlps.front(), kUnits, kCoordinates);
  ASSERT_TRUE(rows);
  EXPECT_THAT(rows->gate.values, ElementsAre(2, 2, 2, 2, 1, 1));
  EXPECT_THAT(rows->up.values, ElementsAre(2, 0, 0, 0, 1, 0));
  EXPECT_THAT(rows->down.values, ElementsAre(1, 2, 3, 4, 5, 6));  // a unit's column as its row
}

TEST(Mlps, AnExpertWhoseGateAndUpTakeTurnsIsTheOneThatIsStoredApart) {
  const std::string experts = std::string(kLayer) + "mlp.experts.";
  const Checkpoint apart =
      tests::opened(tests::Safetensors()
                        .f32(experts + "0.gate_proj.weight", {2, 3}, {1, 2, 4, 1, 1, 2})
                        .f32(experts + "0.up_proj.weight", {2, 3}, {1, 0, 0, 0, 1, 0})
                        .f32(experts + "0.down_proj.weight", {3, 2}, {1, 4, 2, 5, 3, 6}));
  const Checkpoint turns = tests::opened(
      tests::Safetensors()
          .f32(experts + "gate_up_proj", {1, 3, 4}, {1, 1, 1, 0, 2, 0, 1, 1, 4, 0, 2, 0})
          .f32(experts + "gate_up_proj_bias", {1, 4}, {0, 0, 0, 0})
          .f32(experts + "down_proj", {1, 2, 3}, {1, 2, 3, 4, 5, 6}));
  const std::vector<Mlp> of_apart = mlps_of(apart, {}, 1), of_turns = mlps_of(turns, {}, 1);
  ASSERT_EQ(of_apart.size(), 1U);
  ASSERT_EQ(of_turns.size(), 1U);
  EXPECT_EQ(strengths_of(turns, of_turns.front()), strengths_of(apart, of_apart.front()));
  const auto rows = read_units(turns, of_turns.front(), kUnits, kCoordinates);
  EXPECT_THAT(rows->gate.values, ElementsAre(1, 2, 4, 1, 1, 2));
  EXPECT_THAT(rows->up.values, ElementsAre(1, 0, 0, 0, 1, 0));
  EXPECT_THAT(rows->down.values, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Mlps, GemmaStoresItsGainsMinusOne) {
  const Checkpoint checkpoint = tests::opened(
      llama({1, 0, -0.5}, {1, 2, 4, 1, 1, 2}, {1, 0, 0, 0, 1, 0}, {1, 4, 2, 5, 3, 6}));
  const std::vector<Mlp> mlps = mlps_of(checkpoint, {.gain_minus_one = true}, 1);
  const auto rows = read_units(checkpoint, mlps.front(), kUnits, kCoordinates);
  ASSERT_TRUE(rows);
  EXPECT_THAT(rows->gate.values, ElementsAre(2, 2, 2, 2, 1, 1));
}

TEST(Mlps, ALayerNormReadsNoMean) {
  const Checkpoint gpt2 = tests::opened(
      tests::Safetensors()
          .f32("h.0.ln_2.weight", {3}, {1, 1, 1})
          .f32("h.0.ln_2.bias", {3}, {0, 0, 0})
          .f32("h.0.mlp.c_fc.weight", {3, 4}, {1, 0, 0, 5, 2, 0, 0, 5, 3, 0, 3, 5})
          .f32("h.0.mlp.c_proj.weight", {4, 3}, {1, 2, 3, 0, 0, 0, 1, 1, 1, 2, 2, 5}));
  const std::vector<Mlp> mlps = mlps_of(gpt2, {}, 1);
  ASSERT_EQ(mlps.size(), 1U);
  EXPECT_TRUE(mlps.front().subtracts_mean);
  EXPECT_FALSE(mlps.front().gate);
  const std::vector<std::uint64_t> units{0, 3};
  const auto rows = read_units(gpt2, mlps.front(), units, kCoordinates);
  ASSERT_TRUE(rows);
  EXPECT_THAT(rows->up.values, ElementsAre(-1, 0, 1, 0, 0, 0));
  EXPECT_THAT(rows->down.values, ElementsAre(-1, 0, 1, -1, -1, 2));
  const std::vector<double> strengths = strengths_of(gpt2, mlps.front());
  EXPECT_NEAR(strengths[0], std::sqrt(2.0) * std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(strengths[3], 0, 1e-6);  // a constant row reads nothing
}

TEST(UnitStrengths, IgnoreWhereScaleIsKept) {
  const Checkpoint plain =
      tests::opened(llama({1, 1, 1}, {1, 2, 2, 3, 0, 4}, {1, 0, 0, 0, 2, 0}, {3, 0, 4, 1, 0, 0}));
  // The gain of the norm moved into the readers, and a factor 4 of unit 0 from up to down.
  const Checkpoint moved = tests::opened(
      llama({2, 2, 2}, {.5, 1, 1, 1.5, 0, 2}, {.125, 0, 0, 0, 1, 0}, {12, 0, 16, 1, 0, 0}));
  const auto of = [](const Checkpoint& checkpoint) {
    return strengths_of(checkpoint, mlps_of(checkpoint, {}, 1).front());
  };
  const std::vector<double> expected{3 * 1 * 5.0, 5 * 2 * 1.0};
  EXPECT_THAT(of(plain), Pointwise(testing::DoubleNear(1e-6), expected));
  EXPECT_THAT(of(moved), Pointwise(testing::DoubleNear(1e-6), expected));
}

TEST(Mlps, NeedMatricesThatFit) {
  const Checkpoint odd = tests::opened(
      tests::Safetensors()
          .f32("model.layers.0.mlp.up_proj.weight", {2, 3}, tests::random_values(6, 1))
          .f32("model.layers.0.mlp.down_proj.weight", {3, 4}, tests::random_values(12, 2)));
  EXPECT_TRUE(mlps_of(odd, {}, 1).empty());
}

}  // namespace
}  // namespace prov::model
