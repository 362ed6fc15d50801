#include "forensics/attention_heads.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

using numeric::Matrix;

constexpr std::size_t kHeads = 4, kGroups = 2, kChannels = 8, kWidth = 40;
constexpr HeadCounts kCounts{{.query = kHeads, .key_value = kGroups},
                             {.query = kHeads, .key_value = kGroups}};

/// One row a channel of a head; `output` is W_o transposed.
struct Attention {
  Matrix query = random_matrix(kHeads * kChannels, kWidth, 1);
  Matrix key = random_matrix(kGroups * kChannels, kWidth, 2);
  Matrix value = random_matrix(kGroups * kChannels, kWidth, 3);
  Matrix output = random_matrix(kHeads * kChannels, kWidth, 4);

  model::Checkpoint opened() const {
    const Matrix stored = numeric::transposed(output);
    tests::Safetensors tensors;
    const std::string at = "model.layers.0.self_attn.";
    tensors.f32(at + "q_proj.weight", {query.rows, kWidth}, query.values)
        .f32(at + "k_proj.weight", {key.rows, kWidth}, key.values)
        .f32(at + "v_proj.weight", {value.rows, kWidth}, value.values)
        .f32(at + "o_proj.weight", {kWidth, output.rows}, stored.values);
    return tests::opened(tensors);
  }
};

void scale_row(Matrix& matrix, std::size_t row, float factor) {
  for (float& x : matrix.row(row)) x *= factor;
}

/// Turns rows `i` and `j` into each other by 60 degrees.
void turn_rows(Matrix& matrix, std::size_t i, std::size_t j) {
  const float c = 0.5F, s = std::sqrt(0.75F);
  for (std::size_t k = 0; k < matrix.columns; ++k) {
    const float x = matrix.row(i)[k], y = matrix.row(j)[k];
    matrix.row(i)[k] = c * x - s * y;
    matrix.row(j)[k] = s * x + c * y;
  }
}

void turn_heads(Matrix& matrix, std::size_t heads) {
  for (std::size_t head = 0; head < heads; ++head) {
    for (std::size_t i = 0; i < kChannels / 2; ++i)
      turn_rows(matrix, head * kChannels + i, head * kChannels + i + kChannels / 2);
  }
}

AttentionChange compared(const Attention& a, const Attention& b,
                         const HeadCounts& counts = kCounts) {
  LayerCorrespondence layers{.basis = MapBasis::order};
  layers.places_a = layers.places_b = {{model::Tower::text, 0, -1}};
  layers.of_b = layers.of_a = {{0, 90, 1}};
  const auto change = compare_attention_heads(a.opened(), b.opened(), counts, layers, {});
  EXPECT_TRUE(change);
  return *change;
}

TEST(AttentionHeads, SayNothingOfACopy) {
  const AttentionChange change = compared({}, {});
  EXPECT_EQ(change.found, kHeads);
  EXPECT_EQ(change.displaced, 0U);
  ASSERT_TRUE(change.value_output);
  EXPECT_NEAR(change.value_output->product_cosine, 1, 1e-5);
  EXPECT_FALSE(change.moved());
}

TEST(AttentionHeads, SayNothingOfTraining) {
  Attention trained;
  for (Matrix* matrix : {&trained.query, &trained.key, &trained.value, &trained.output})
    *matrix = mixed(*matrix, 0.3F, random_matrix(matrix->rows, kWidth, 9));
  const AttentionChange change = compared({}, trained);
  EXPECT_EQ(change.found, kHeads);
  EXPECT_FALSE(change.moved());
}

TEST(AttentionHeads, FindExchangedGroupsWithTheirQueries) {
  Attention moved;
  const auto exchange = [](Matrix& matrix) {
    const std::size_t half = matrix.rows / 2;
    for (std::size_t i = 0; i < half; ++i)
      std::ranges::swap_ranges(matrix.row(i), matrix.row(half + i));
  };
  for (Matrix* matrix : {&moved.query, &moved.key, &moved.value, &moved.output}) exchange(*matrix);
  const AttentionChange change = compared({}, moved);
  EXPECT_EQ(change.found, kHeads);
  EXPECT_EQ(change.displaced, kHeads);
  EXPECT_FALSE(change.value_output->turned());
  EXPECT_FALSE(change.query_key->scaled());
}

TEST(AttentionHeads, TellScalesOfValuesFromThoseOfQueries) {
  Attention values, queries;
  for (std::size_t i = 0; i < kGroups * kChannels; ++i) {
    scale_row(values.value, i, 1.5F);
    scale_row(queries.key, i, 1.5F);
  }
  for (std::size_t i = 0; i < kHeads * kChannels; ++i) {
    scale_row(values.output, i, 1 / 1.5F);
    scale_row(queries.query, i, 1 / 1.5F);
  }
  const AttentionChange of_values = compared({}, values), of_queries = compared({}, queries);
  EXPECT_TRUE(of_values.value_output->scaled());
  EXPECT_NEAR(of_values.value_output->scale, (1.5 * 1.5 - 1) / (1.5 * 1.5 + 1), 1e-5);
  EXPECT_NEAR(of_values.value_output->unbalanced, 0, 1e-5);
  EXPECT_FALSE(of_values.query_key->scaled());
  EXPECT_TRUE(of_queries.query_key->scaled());
  EXPECT_FALSE(of_queries.value_output->scaled());
}

TEST(AttentionHeads, DoNotCallAOneSidedScaleASymmetry) {
  Attention louder;
  for (std::size_t i = 0; i < kGroups * kChannels; ++i) scale_row(louder.value, i, 1.5F);
  EXPECT_FALSE(compared({}, louder).moved());
}

TEST(AttentionHeads, TellRotationsOfValuesFromThoseOfQueries) {
  Attention values, queries;
  turn_heads(values.value, kGroups);
  turn_heads(values.output, kHeads);
  turn_heads(queries.key, kGroups);
  turn_heads(queries.query, kHeads);
  const AttentionChange of_values = compared({}, values), of_queries = compared({}, queries);
  EXPECT_TRUE(of_values.value_output->turned());
  EXPECT_NEAR(of_values.value_output->product_cosine, 1, 1e-5);
  EXPECT_FALSE(of_values.query_key->turned());
  EXPECT_TRUE(of_queries.query_key->turned());
  EXPECT_FALSE(of_queries.value_output->turned());
}

TEST(AttentionHeads, TakeProjectionsApartThatAreFusedHeadByHead) {
  // Falcon: the queries of a group, its key, its value.
  const Attention plain;
  Matrix fused(2 * kHeads * kChannels, kWidth);
  std::size_t row = 0;
  const auto append = [&](const Matrix& matrix, std::size_t head) {
    for (std::size_t i = 0; i < kChannels; ++i)
      std::ranges::copy(matrix.row(head * kChannels + i), fused.row(row++).begin());
  };
  for (std::size_t group = 0; group < kGroups; ++group) {
    append(plain.query, 2 * group);
    append(plain.query, 2 * group + 1);
    append(plain.key, group);
    append(plain.value, group);
  }
  const Matrix stored = numeric::transposed(plain.output);
  tests::Safetensors tensors;
  const std::string at = "transformer.h.0.self_attention.";
  tensors.f32(at + "query_key_value.weight", {fused.rows, kWidth}, fused.values)
      .f32(at + "dense.weight", {kWidth, plain.output.rows}, stored.values);
  LayerCorrespondence layers{.basis = MapBasis::order};
  layers.places_a = layers.places_b = {{model::Tower::text, 0, -1}};
  layers.of_b = layers.of_a = {{0, 90, 1}};
  const auto change =
      compare_attention_heads(plain.opened(), tests::opened(tensors), kCounts, layers, {});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->found, kHeads);
  ASSERT_TRUE(change->query_key);
  EXPECT_NEAR(change->query_key->row_cosine, 1, 1e-5);
  EXPECT_FALSE(change->moved());
}

TEST(AttentionHeads, FindNothingInAStranger) {
  Attention stranger;
  for (Matrix* matrix : {&stranger.query, &stranger.key, &stranger.value, &stranger.output})
    *matrix = random_matrix(matrix->rows, kWidth, matrix->rows + 77);
  const AttentionChange change = compared({}, stranger);
  EXPECT_EQ(change.found, 0U);
  EXPECT_FALSE(change.value_output);
  EXPECT_FALSE(change.moved());
}

TEST(AttentionHeads, NeedOneNumberOfHeads) {
  EXPECT_FALSE(compared({}, {}, {}).not_measured.empty());
  EXPECT_FALSE(compared({}, {}, {{4, 2}, {8, 2}}).not_measured.empty());
  // 32 channels are no 5 heads.
  EXPECT_FALSE(compared({}, {}, {{5, 5}, {5, 5}}).not_measured.empty());
}

TEST(AttentionHeads, SurviveZerosAndWhatIsNotFinite) {
  Attention zeros, broken;
  for (Matrix* matrix : {&zeros.query, &zeros.key, &zeros.value, &zeros.output})
    *matrix = Matrix(matrix->rows, kWidth);
  broken.query.values.assign(broken.query.values.size(), std::nanf(""));
  EXPECT_FALSE(compared(zeros, zeros).moved());
  EXPECT_FALSE(compared({}, broken).moved());
}

}  // namespace
}  // namespace prov::forensics
