#include "model/unit_strengths.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>

#include "signals/weight_pass.hpp"
#include "support/checkpoints.hpp"
#include "support/temp_folder.hpp"

namespace prov::model {
namespace {

namespace fs = std::filesystem;
using testing::DoubleNear;
using testing::Pointwise;

// Rows and columns that no block or piece divides.
constexpr std::uint64_t kHidden = 700, kResidual = 131;

std::string named(const char* name) { return std::string("model.layers.0.mlp.") + name; }

tests::Safetensors llama() {
  tests::Safetensors tensors;
  tensors
      .f32("model.layers.0.post_attention_layernorm.weight", {kResidual},
           tests::random_values(kResidual, 1))
      .bf16(named("gate_proj.weight"), {kHidden, kResidual},
            tests::random_values(kHidden * kResidual, 2))
      .f32(named("up_proj.weight"), {kHidden, kResidual},
           tests::random_values(kHidden * kResidual, 3))
      .f16(named("down_proj.weight"), {kResidual, kHidden},
           tests::random_values(kResidual * kHidden, 4));
  return tensors;
}

class UnitStrengthsTest : public testing::Test {
 protected:
  tests::TempFolder folder_;  // a pass over the weights asks at its end whether the file changed
  const fs::path file_ = folder_.write("model.safetensors", llama().bytes());
  const Checkpoint checkpoint_ = open_checkpoint(*source::locate(folder_.string())).value();
  const Mlp mlp_ = mlps_of(checkpoint_, {}, 1).at(0);
};

/// Of all units, from rows that are read on their own.
std::vector<double> expected_strengths(const Checkpoint& checkpoint, const Mlp& mlp) {
  std::vector<std::uint64_t> units(mlp.hidden()), coordinates(mlp.residual());
  std::iota(units.begin(), units.end(), std::uint64_t{0});
  std::iota(coordinates.begin(), coordinates.end(), std::uint64_t{0});
  const UnitRows rows = read_units(checkpoint, mlp, units, coordinates).value();
  std::vector<double> strengths;
  for (std::size_t i = 0; i < units.size(); ++i) {
    double strength = 1;
    for (const numeric::Matrix* matrix : {&rows.gate, &rows.up, &rows.down}) {
      double square = 0;
      for (const float value : matrix->row(i))
        square += static_cast<double>(value) * static_cast<double>(value);
      strength *= std::sqrt(square);
    }
    strengths.push_back(strength);
  }
  return strengths;
}

std::vector<double> of_one_pass(const Checkpoint& checkpoint, const Mlp& mlp, std::size_t piece) {
  const UnitStrengths strengths = UnitStrengths::prepare(checkpoint, std::span(&mlp, 1)).value();
  std::vector<signals::TensorRequest> requests;
  for (const Tensor& tensor : checkpoint.tensors)
    requests.push_back({.tensor = &tensor, .visitor = strengths.visitor_of(tensor)});
  const auto read = signals::read_weights(checkpoint, requests, {.piece = piece, .workers = 3});
  EXPECT_TRUE(read) << read.error().to_string();
  return strengths.of(0);
}

TEST_F(UnitStrengthsTest, AreTheProductsOfThreeNorms) {
  EXPECT_THAT(of_one_pass(checkpoint_, mlp_, 1U << 16U),
              Pointwise(DoubleNear(1e-3), expected_strengths(checkpoint_, mlp_)));
}

TEST_F(UnitStrengthsTest, DoNotDependOnPiecesOrOnWhoReads) {
  const std::vector<double> whole = of_one_pass(checkpoint_, mlp_, 1U << 20U);
  EXPECT_EQ(of_one_pass(checkpoint_, mlp_, numeric::kBlock), whole);
  EXPECT_EQ(read_strongest_units(checkpoint_, mlp_, kHidden)->strengths, whole);
}

TEST_F(UnitStrengthsTest, AreUnknownWhereSomethingWasNotShown) {
  const UnitStrengths strengths = UnitStrengths::prepare(checkpoint_, std::span(&mlp_, 1)).value();
  const auto show = [&](const Tensor& tensor, std::uint64_t count) {
    ASSERT_TRUE(visit_elements(checkpoint_, tensor, {0, count}, *strengths.visitor_of(tensor)));
  };
  show(*mlp_.gate->tensor, mlp_.gate->tensor->elements());
  show(*mlp_.up.tensor, mlp_.up.tensor->elements());
  EXPECT_EQ(strengths.of_readers(0).size(), kHidden);
  show(*mlp_.down.tensor, mlp_.down.tensor->elements() - 1);
  EXPECT_TRUE(strengths.of(0).empty());
}

TEST_F(UnitStrengthsTest, TheStrongestHaveTheirRowsHoweverManyColumnsAreKept) {
  const std::vector<double> all = expected_strengths(checkpoint_, mlp_);
  const StrongestUnits known = read_strongest_units(checkpoint_, mlp_, 9, all).value();
  ASSERT_EQ(known.units.size(), 9U);
  std::vector<double> sorted = all;
  std::ranges::sort(sorted, std::greater());
  for (const std::uint64_t unit : known.units) EXPECT_GE(all[unit], sorted[8]);
  for (const std::size_t kept : {std::size_t{0}, std::size_t{10 * kResidual}, kKeptElements}) {
    const StrongestUnits found = read_strongest_units(checkpoint_, mlp_, 9, {}, kept).value();
    EXPECT_EQ(found.units, known.units);
    EXPECT_EQ(found.rows.gate.values, known.rows.gate.values);
    EXPECT_EQ(found.rows.up.values, known.rows.up.values);
    EXPECT_EQ(found.rows.down.values, known.rows.down.values);
  }
}

}  // namespace
}  // namespace prov::model
