// Trained models under names that no naming rule knows, changed besides: relatives are found, and
// strangers stay strangers.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "model/row_reader.hpp"
#include "support/checkpoint_builder.hpp"
#include "support/random_matrix.hpp"
#include "zoo/zoo.hpp"

namespace prov::zoo {
namespace {

const Models& models() {
  static const Models opened = [] {
    Models all;
    all.open_all(PROV_REPOSITORY "/tests/zoo");
    return all;
  }();
  return opened;
}

using Rename = std::function<std::string(std::string name, std::size_t index)>;

struct Recipe {
  Rename rename;
  float noise = 0;             // standard deviation over the rms of a matrix
  bool permute_units = false;  // of every MLP
};

/// Words of other code bases for the parts of Llama-like models.
std::string other_words(std::string name, std::size_t) {
  const std::pair<const char*, const char*> words[] = {{"model.layers.", "net.blocks."},
                                                       {"self_attn.q_proj", "attention.query"},
                                                       {"self_attn.k_proj", "attention.key"},
                                                       {"self_attn.v_proj", "attention.value"},
                                                       {"self_attn.o_proj", "attention.out"},
                                                       {"mlp.gate_proj", "ffn.w1"},
                                                       {"mlp.up_proj", "ffn.w3"},
                                                       {"mlp.down_proj", "ffn.w2"},
                                                       {"input_layernorm", "norm1"},
                                                       {"post_attention_layernorm", "norm2"},
                                                       {"model.embed_tokens", "net.tok_emb"},
                                                       {"model.norm", "net.ln_f"}};
  for (const auto& [from, to] : words) {
    const std::size_t at = name.find(from);
    if (at != std::string::npos) name.replace(at, std::string(from).size(), to);
  }
  return name;
}

/// "t0", "t1", ... in an order of chance.
std::string no_words(std::string, std::size_t index) {
  static const std::vector<std::size_t> order = tests::random_order(1000, 3);
  return "t" + std::to_string(order[index]);
}

/// Rows of gate and up, columns of down, all by one order for each layer.
void permute_units(const model::Tensor& tensor, std::vector<float>& values) {
  const auto kind = tensor.role.kind;
  const bool rows = kind == model::RoleKind::gate || kind == model::RoleKind::up;
  if (!rows && kind != model::RoleKind::down) return;
  numeric::Matrix matrix(tensor.info.shape[0], tensor.info.shape[1]);
  matrix.values = values;
  const auto order = tests::random_order(rows ? matrix.rows : matrix.columns,
                                         100 + static_cast<std::uint64_t>(tensor.role.layer));
  values = rows ? tests::reordered(matrix, order).values
                : numeric::transposed(tests::reordered(numeric::transposed(matrix), order)).values;
}

model::Model derived(const char* name, const Recipe& recipe) {
  const model::Model& parent = *models().find(name);
  const tests::TempFolder folder;
  tests::Safetensors tensors;
  std::size_t index = 0;
  for (const model::Tensor& tensor : parent.checkpoint.tensors) {
    std::vector<float> values(tensor.elements());
    EXPECT_TRUE(model::RowReader(parent.checkpoint, tensor).read_elements(0, values));
    if (recipe.permute_units) permute_units(tensor, values);
    double squares = 0;
    for (const float x : values) squares += static_cast<double>(x) * static_cast<double>(x);
    const auto rms = static_cast<float>(std::sqrt(squares / static_cast<double>(values.size())));
    tests::RandomSource random(500 + index);
    if (tensor.info.shape.size() == 2) {
      for (float& x : values) x += recipe.noise * rms * random.normal();
    }
    tensors.f32(recipe.rename(tensor.info.name, index++), tensor.info.shape, values);
  }
  folder.write("model.safetensors", tensors.bytes());
  for (const char* file : {"config.json", "tokenizer.json", "tokenizer_config.json"})
    std::filesystem::copy(parent.snapshot.directory / file, folder.path() / file);
  auto model = model::open_model(folder.string());
  EXPECT_TRUE(model) << model.error().to_string();
  EXPECT_FALSE(model->checkpoint.warnings.empty());  // that roles were inferred is said
  return *std::move(model);
}

LineageClass judged(const char* a, const model::Model& b) {
  const Outcome outcome = judge(*models().find(a), b, {a, "derived", ""});
  EXPECT_FALSE(outcome.lineage.reasons.empty());
  return outcome.lineage.lineage_class;
}

TEST(RenamedZoo, FindsARelativeUnderOtherWords) {
  const model::Model noised = derived("qwen-a", {other_words, 0.05F});
  const Outcome outcome = judge(*models().find("qwen-a"), noised, {"qwen-a", "derived", ""});
  EXPECT_EQ(outcome.lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_EQ(outcome.evidence.b.explained, outcome.evidence.b.tensors);
  EXPECT_EQ(judged("qwen-a-sft", noised), LineageClass::same_lineage);
  EXPECT_EQ(judged("qwen-a2", noised), LineageClass::independent);
}

TEST(RenamedZoo, FindsPermutedUnitsUnderOtherWords) {
  const model::Model shuffled = derived("qwen-a", {other_words, 0.02F, true});
  EXPECT_EQ(judged("qwen-a", shuffled), LineageClass::same_lineage);
  EXPECT_EQ(judged("qwen-a2", shuffled), LineageClass::independent);
}

TEST(RenamedZoo, ReadsAStrangerUnderOtherWords) {
  const model::Model stranger = derived("qwen-a2", {other_words});
  EXPECT_EQ(judged("qwen-a2", stranger), LineageClass::identical);
  EXPECT_EQ(judged("qwen-a", stranger), LineageClass::independent);
}

TEST(RenamedZoo, FindsARelativeWithoutAnyWords) {
  const model::Model noised = derived("qwen-a", {no_words, 0.05F});
  EXPECT_EQ(judged("qwen-a", noised), LineageClass::same_lineage);
  const model::Model shuffled = derived("qwen-a", {no_words, 0.02F, true});
  EXPECT_EQ(judged("qwen-a", shuffled), LineageClass::same_lineage);
}

TEST(RenamedZoo, NeverRelatesAStrangerWithoutWords) {
  EXPECT_FALSE(is_positive(judged("qwen-a", derived("qwen-a2", {no_words}))));
}

}  // namespace
}  // namespace prov::zoo
