// A residual stream turned by a small angle: the function stays, the hidden units keep their angles
// to each other and most of their coordinates. Neither an order of units that agrees a little nor
// units that match a little may hide that it is a copy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <random>

#include "model/row_reader.hpp"
#include "numeric/matrix.hpp"
#include "provenancekit/compare.hpp"
#include "support/checkpoint_builder.hpp"
#include "support/temp_folder.hpp"

namespace prov::zoo {
namespace {

namespace fs = std::filesystem;
using numeric::Matrix;
using testing::HasSubstr;

const fs::path kZoo = fs::path(PROV_REPOSITORY) / "tests/zoo";

/// Weights of a llama-like model by name; vectors have one row.
using Weights = std::map<std::string, Matrix>;

Weights weights_of(const std::string& name) {
  const auto checkpoint = model::open_checkpoint(*source::locate((kZoo / name).string()));
  Weights weights;
  for (const model::Tensor& tensor : checkpoint->tensors) {
    const auto& shape = tensor.info.shape;
    Matrix values(shape.size() == 2 ? shape[0] : 1, shape.back());
    EXPECT_TRUE(model::RowReader(*checkpoint, tensor).read_elements(0, values.values));
    weights[tensor.info.name] = std::move(values);
  }
  return weights;
}

bool ends_with_any(const std::string& name, std::initializer_list<const char*> ends) {
  return std::ranges::any_of(ends, [&](const char* end) { return name.ends_with(end); });
}

bool reads_attention_input(const std::string& name) {
  return ends_with_any(name, {"q_proj.weight", "k_proj.weight", "v_proj.weight"});
}
bool reads_mlp_input(const std::string& name) {
  return ends_with_any(name, {"gate_proj.weight", "up_proj.weight"});
}

/// Moves the gains of the norms into what reads them; the head is untied for that.
void fold_norms(Weights& weights) {
  weights["lm_head.weight"] = weights.at("model.embed_tokens.weight");
  for (auto& [name, matrix] : weights) {
    const std::string layer = name.substr(0, name.find('.', std::string("model.layers.").size()));
    const bool attention = reads_attention_input(name), head = name == "lm_head.weight";
    if (!attention && !head && !reads_mlp_input(name)) continue;
    const Matrix& gains = weights.at(head        ? "model.norm.weight"
                                     : attention ? layer + ".input_layernorm.weight"
                                                 : layer + ".post_attention_layernorm.weight");
    for (std::size_t i = 0; i < matrix.rows; ++i) numeric::multiply(matrix.row(i), gains.values);
  }
  for (auto& [name, matrix] : weights)
    if (name.ends_with("norm.weight")) std::ranges::fill(matrix.values, 1.0F);
}

/// Turns coordinates 2 i and 2 i + 1 of each row against each other.
Matrix turned(Matrix matrix, double angle) {
  const auto cosine = static_cast<float>(std::cos(angle)),
             sine = static_cast<float>(std::sin(angle));
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    const std::span<float> row = matrix.row(i);
    for (std::size_t j = 0; j + 1 < row.size(); j += 2) {
      const float x = row[j], y = row[j + 1];
      row[j] = cosine * x - sine * y;
      row[j + 1] = sine * x + cosine * y;
    }
  }
  return matrix;
}

void turn_stream(Weights& weights, double angle) {
  fold_norms(weights);
  for (auto& [name, matrix] : weights) {
    if (reads_attention_input(name) || reads_mlp_input(name) || name == "lm_head.weight" ||
        name == "model.embed_tokens.weight")
      matrix = turned(std::move(matrix), angle);
    if (ends_with_any(name, {"o_proj.weight", "down_proj.weight"}))
      matrix = numeric::transposed(turned(numeric::transposed(matrix), angle));
  }
}

Matrix rows_in(const Matrix& matrix, const std::vector<std::size_t>& order) {
  Matrix result(matrix.rows, matrix.columns);
  for (std::size_t i = 0; i < order.size(); ++i)
    std::ranges::copy(matrix.row(order[i]), result.row(i).begin());
  return result;
}

void permute_units(Weights& weights) {
  std::mt19937 random(5);
  for (auto& [name, down] : weights) {
    if (!name.ends_with("down_proj.weight")) continue;
    std::vector<std::size_t> order(down.columns);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::shuffle(order, random);
    const std::string mlp = name.substr(0, name.size() - std::string("down_proj.weight").size());
    down = numeric::transposed(rows_in(numeric::transposed(down), order));
    for (const char* reader : {"gate_proj.weight", "up_proj.weight"})
      weights.at(mlp + reader) = rows_in(weights.at(mlp + reader), order);
  }
}

/// Without tokenizer files, so that no embedding row is found by its text.
class TurnedStream : public testing::Test {
 protected:
  Lineage compare_with(const std::string& name, const Weights& weights) {
    tests::Safetensors file;
    for (const auto& [tensor, matrix] : weights) {
      const bool vector = ends_with_any(tensor, {"norm.weight", "bias"});
      file.f32(tensor,
               vector ? std::vector<std::uint64_t>{matrix.columns}
                      : std::vector<std::uint64_t>{matrix.rows, matrix.columns},
               matrix.values);
    }
    const tests::TempFolder folder;
    folder.write("model.safetensors", file.bytes());
    fs::copy_file(kZoo / name / "config.json", folder.path() / "config.json");
    const auto compared = compare((kZoo / name).string(), folder.string());
    EXPECT_TRUE(compared) << compared.error().to_string();
    return compared->lineage;
  }

  static void expect_turned_copy(const Lineage& lineage) {
    EXPECT_EQ(lineage.lineage_class, LineageClass::same_lineage);
    EXPECT_EQ(lineage.relation, "reparameterised");
    EXPECT_TRUE(std::ranges::any_of(lineage.operations, [](const Operation& operation) {
      return operation.detail.find("residual stream turned in part") != std::string::npos;
    }));
  }
};

TEST_F(TurnedStream, BySomeAngleIsACopy) {
  for (const double angle : {0.12, 0.5, 0.8, 1.2}) {
    SCOPED_TRACE(angle);
    Weights weights = weights_of("qwen-a");
    turn_stream(weights, angle);
    expect_turned_copy(compare_with("qwen-a", weights));
  }
}

TEST_F(TurnedStream, WithPermutedUnitsIsACopy) {
  for (const double angle : {0.8, 1.2}) {
    SCOPED_TRACE(angle);
    Weights weights = weights_of("qwen-a");
    turn_stream(weights, angle);
    permute_units(weights);
    expect_turned_copy(compare_with("qwen-a", weights));
  }
}

TEST_F(TurnedStream, OfAFineTunedModelIsARelative) {
  Weights weights = weights_of("qwen-a-sft");
  turn_stream(weights, 0.8);
  expect_turned_copy(compare_with("qwen-a", weights));
}

TEST_F(TurnedStream, OfAStrangerIsAStranger) {
  Weights weights = weights_of("qwen-a2");
  turn_stream(weights, 0.8);
  EXPECT_EQ(compare_with("qwen-a", weights).lineage_class, LineageClass::independent);
}

}  // namespace
}  // namespace prov::zoo
