#include "forensics/adapter_fit.hpp"

#include <gtest/gtest.h>

#include "support/checkpoints.hpp"
#include "support/random_matrix.hpp"

namespace prov::forensics {
namespace {

constexpr std::uint64_t kWidth = 64, kHidden = 96, kRank = 4;
constexpr const char* kUp = "model.layers.0.mlp.up_proj";
constexpr const char* kDown = "model.layers.0.mlp.down_proj";

/// Weights and updates that lean to the same few directions of the stream, as training leaves them,
/// or to directions of their own.
struct Case {
  model::Checkpoint checkpoint;
  std::vector<model::LowRankUpdate> updates;
};

/// count x kWidth: `directions` in random mixtures, and some noise.
std::vector<float> leaning(const numeric::Matrix& directions, std::size_t count,
                           std::uint64_t seed) {
  const numeric::Matrix mixture = tests::random_matrix(count, directions.rows, seed);
  const numeric::Matrix noise = tests::random_matrix(count, kWidth, seed + 1);
  std::vector<float> rows(count * kWidth);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < kWidth; ++j) {
      float sum = 0.5F * noise.row(i)[j];
      for (std::size_t k = 0; k < directions.rows; ++k)
        sum += mixture.row(i)[k] * directions.row(k)[j];
      rows[i * kWidth + j] = sum;
    }
  }
  return rows;
}

std::vector<float> turned(const std::vector<float>& values, std::size_t rows) {
  numeric::Matrix matrix(rows, values.size() / rows);
  matrix.values = values;
  return numeric::transposed(matrix).values;
}

Case make_case(std::uint64_t base_seed, std::uint64_t adapter_seed) {
  const numeric::Matrix of_base = tests::random_matrix(6, kWidth, base_seed);
  const numeric::Matrix of_adapter = tests::random_matrix(6, kWidth, adapter_seed);
  tests::Safetensors file;
  file.f32(std::string(kUp) + ".weight", {kHidden, kWidth}, leaning(of_base, kHidden, 11));
  file.f32(std::string(kDown) + ".weight", {kWidth, kHidden},
           turned(leaning(of_base, kHidden, 13), kHidden));
  file.f32("up_a", {kRank, kWidth}, leaning(of_adapter, kRank, 15));
  file.f32("up_b", {kHidden, kRank}, tests::random_values(kHidden * kRank, 17));
  file.f32("down_a", {kRank, kHidden}, tests::random_values(kHidden * kRank, 19));
  file.f32("down_b", {kWidth, kRank}, turned(leaning(of_adapter, kRank, 21), kRank));
  Case made{tests::opened(file), {}};
  const auto update = [&](const char* module, const char* a, const char* b) {
    made.updates.push_back({.module = module,
                            .target = *made.checkpoint.find(std::string(module) + ".weight"),
                            .a = *made.checkpoint.find(a),
                            .b = *made.checkpoint.find(b),
                            .magnitude = std::nullopt});
  };
  update(kUp, "up_a", "up_b");
  update(kDown, "down_a", "down_b");
  return made;
}

AdapterFit measured(const Case& one) {
  const auto fit = measure_adapter_fit(one.checkpoint, one.updates, {});
  EXPECT_TRUE(fit) << fit.error().to_string();
  return *fit;
}

TEST(AdapterFit, UpdatesThatLeanWhereTheWeightsLeanAreSeenOnBothSides) {
  const AdapterFit fit = measured(make_case(1, 1));
  ASSERT_TRUE(fit.reading && fit.writing);
  EXPECT_GT(fit.reading->z, 8);
  EXPECT_GT(fit.writing->z, 8);
  EXPECT_EQ(fit.matrices, 2u);
  EXPECT_EQ(fit.coordinates(), kWidth);
  EXPECT_GT(*fit.z(), fit.reading->z) << "two sides are more than one";
}

TEST(AdapterFit, UpdatesOfAnotherModelAreInsideTheNull) {
  for (std::uint64_t seed = 2; seed < 12; ++seed) {
    const AdapterFit fit = measured(make_case(1, seed));
    EXPECT_LT(std::abs(*fit.z()), 4) << seed;
  }
}

TEST(AdapterFit, UpdatesThatWereMergedAreFoundInTheWeights) {
  const Case base = make_case(1, 2);
  const AdapterFit apart = measured(base);
  ASSERT_TRUE(apart.contained);
  EXPECT_LT(std::abs(apart.contained->z), 5);
  // The same weights with the updates added.
  Case merged = make_case(1, 2);
  tests::Safetensors file;
  for (const model::LowRankUpdate& update : base.updates) {
    const auto whole = model::adapted_tensor(update);
    std::vector<float> values(update.target.elements());
    ASSERT_TRUE(whole->read_lines(base.checkpoint, 0, update.target.rows(), values));
    file.f32(update.target.info.name, update.target.info.shape, values);
  }
  const model::Checkpoint weights = tests::opened(file);
  for (model::LowRankUpdate& update : merged.updates) {
    const model::Tensor* const target = weights.find(update.target.info.name);
    update.target = *target;
    update.target.file = merged.checkpoint.files.size();
  }
  merged.checkpoint.files.push_back(source::from_memory("merged", file.bytes()));
  const AdapterFit held = measured(merged);
  ASSERT_TRUE(held.contained);
  EXPECT_NEAR(held.contained->slope, 1 + apart.contained->slope, 0.01);
  EXPECT_GT(held.contained->z, 20);
}

TEST(AdapterFit, WithoutUpdatesAroundTheStreamThereIsNoNumber) {
  Case none = make_case(1, 1);
  none.updates.clear();
  const AdapterFit fit = measured(none);
  EXPECT_EQ(fit.z(), std::nullopt);
  EXPECT_EQ(fit.cka(), std::nullopt);
}

TEST(AdapterFit, FactorsOfZeroAreNoEvidence) {
  tests::Safetensors file;
  file.f32(std::string(kUp) + ".weight", {kHidden, kWidth},
           tests::random_values(kHidden * kWidth, 3));
  file.f32("a", {kRank, kWidth}, tests::random_values(kRank * kWidth, 4));
  file.f32("b", {kHidden, kRank}, std::vector<float>(kHidden * kRank, 0));
  const model::Checkpoint checkpoint = tests::opened(file);
  const model::LowRankUpdate update{.module = kUp,
                                    .target = *checkpoint.find(std::string(kUp) + ".weight"),
                                    .a = *checkpoint.find("a"),
                                    .b = *checkpoint.find("b"),
                                    .magnitude = std::nullopt};
  const auto fit = measure_adapter_fit(checkpoint, {&update, 1}, {});
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->z(), std::nullopt);
}

}  // namespace
}  // namespace prov::forensics
