// Trained models quantised into GGUF files: whose copies they are, on which grid, and who was
// first.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "model/row_reader.hpp"
#include "numeric/matrix.hpp"
#include "provenancekit/compare.hpp"
#include "provenancekit/verify_quant.hpp"
#include "support/checkpoint_builder.hpp"
#include "support/gguf_builder.hpp"
#include "support/gguf_names.hpp"
#include "support/temp_folder.hpp"

namespace prov::zoo {
namespace {

namespace fs = std::filesystem;

const fs::path kZoo = fs::path(PROV_REPOSITORY) / "tests/zoo";
constexpr std::uint32_t kQ8_0 = 8, kQ4_0 = 2;

/// The bits of a value rounded to F16.
std::vector<std::byte> as_f16(float value) {
  tests::Safetensors one;
  one.f16("x", {1}, {value});
  const auto file = one.bytes();
  return {file.end() - 2, file.end()};
}

void append_f16(std::vector<std::byte>& bytes, float value) {
  std::ranges::copy(as_f16(value), std::back_inserter(bytes));
}

/// As ggml: the largest magnitude becomes 127.
void append_q8_0(std::vector<std::byte>& bytes, std::span<const float> block) {
  float largest = 0;
  for (float value : block) largest = std::max(largest, std::abs(value));
  const float d = largest / 127;
  append_f16(bytes, d);
  for (float value : block)
    bytes.push_back(static_cast<std::byte>(static_cast<int>(d == 0 ? 0 : std::round(value / d))));
}

/// As ggml: the value of the largest magnitude becomes -8.
void append_q4_0(std::vector<std::byte>& bytes, std::span<const float> block) {
  const float extreme = *std::ranges::max_element(block, {}, [](float v) { return std::abs(v); });
  const float d = extreme / -8;
  append_f16(bytes, d);
  const auto code = [&](float value) {
    return std::min(15, static_cast<int>(d == 0 ? 8.5F : value / d + 8.5F));
  };
  for (std::size_t i = 0; i < 16; ++i)
    bytes.push_back(static_cast<std::byte>(code(block[i]) | code(block[i + 16]) << 4));
}

std::vector<std::byte> quantised(std::span<const float> values, std::uint32_t type) {
  std::vector<std::byte> bytes;
  for (std::size_t at = 0; at < values.size(); at += 32) {
    type == kQ8_0 ? append_q8_0(bytes, values.subspan(at, 32))
                  : append_q4_0(bytes, values.subspan(at, 32));
  }
  return bytes;
}

/// A GGUF of a model of the zoo in `folder`, matrices quantised.
std::string write_gguf(const tests::TempFolder& folder, const std::string& name,
                       std::uint32_t type) {
  const auto checkpoint = model::open_checkpoint(*source::locate((kZoo / name).string()));
  tests::Gguf file;
  file.text("general.architecture", "qwen2").u32("qwen2.attention.head_count", 4);
  for (const model::Tensor& tensor : checkpoint->tensors) {
    std::vector<float> values(tensor.elements());
    EXPECT_TRUE(model::RowReader(*checkpoint, tensor).read_elements(0, values));
    const std::string gguf = tests::gguf_name(tensor.info.name);
    tensor.info.shape.size() == 2 ? file.raw(gguf, type, tensor.info.shape, quantised(values, type))
                                  : file.f32(gguf, tensor.info.shape, values);
  }
  folder.write("model.gguf", file.bytes());
  return (folder.path() / "model.gguf").string();
}

TEST(GgufZoo, AQuantisedCopyDescendsFromItsOriginalOnTheGridThatIsNamed) {
  for (const auto& [type, grid] : {std::pair(kQ8_0, "Q8_0"), std::pair(kQ4_0, "Q4_0")}) {
    const tests::TempFolder folder;
    const std::string copy = write_gguf(folder, "qwen-a", type);
    const auto forwards = compare((kZoo / "qwen-a").string(), copy, {});
    ASSERT_TRUE(forwards) << forwards.error().to_string();
    EXPECT_EQ(forwards->lineage.lineage_class, LineageClass::derived);
    EXPECT_EQ(forwards->lineage.direction, Direction::a_to_b);
    ASSERT_FALSE(forwards->lineage.operations.empty());
    EXPECT_EQ(forwards->lineage.operations[0].kind, "quantised");
    EXPECT_NE(forwards->lineage.operations[0].detail.find(grid), std::string::npos)
        << forwards->lineage.operations[0].detail;
    const auto backwards = compare(copy, (kZoo / "qwen-a").string(), {});
    ASSERT_TRUE(backwards);
    EXPECT_EQ(backwards->lineage.direction, Direction::b_to_a);
  }
}

/// As llama.cpp writes GPT-2: Conv1D matrices transposed, so that blocks run along their inputs.
std::string write_gpt2(const tests::TempFolder& folder, std::uint32_t type) {
  constexpr std::pair<std::string_view, std::string_view> kMatrices[] = {
      {"attn.c_attn", "attn_qkv"},
      {"attn.c_proj", "attn_output"},
      {"mlp.c_fc", "ffn_up"},
      {"mlp.c_proj", "ffn_down"}};
  const auto checkpoint = model::open_checkpoint(*source::locate((kZoo / "gpt2-a").string()));
  tests::Gguf file;
  file.text("general.architecture", "gpt2");
  for (int layer = 0; layer < 4; ++layer) {
    for (const auto& [name, stem] : kMatrices) {
      const std::string number = std::to_string(layer);
      const model::Tensor& tensor =
          *checkpoint->find("transformer.h." + number + "." + std::string(name) + ".weight");
      numeric::Matrix matrix(tensor.rows(), tensor.row_elements());
      EXPECT_TRUE(model::RowReader(*checkpoint, tensor).read_elements(0, matrix.values));
      matrix = numeric::transposed(matrix);
      file.raw("blk." + number + "." + std::string(stem) + ".weight", type,
               {matrix.rows, matrix.columns}, quantised(matrix.values, type));
    }
  }
  folder.write("model.gguf", file.bytes());
  return (folder.path() / "model.gguf").string();
}

TEST(GgufZoo, TransposedMatricesLieOnTheirGridInBothDirections) {
  const tests::TempFolder folder;
  const std::string original = (kZoo / "gpt2-a").string(), copy = write_gpt2(folder, kQ8_0);
  const auto verified = verify_quant(copy, original);
  ASSERT_TRUE(verified) << verified.error().to_string();
  EXPECT_EQ(verified->tensors.size(), 16u);
  for (const VerifiedTensor& tensor : verified->tensors)
    EXPECT_EQ(tensor.status, QuantStatus::faithful) << tensor.name << ": " << tensor.why;
  const auto forwards = compare(original, copy, {}), backwards = compare(copy, original, {});
  ASSERT_TRUE(forwards && backwards);
  EXPECT_EQ(forwards->lineage.direction, Direction::a_to_b);
  EXPECT_EQ(backwards->lineage.direction, Direction::b_to_a);
  ASSERT_FALSE(backwards->lineage.operations.empty());
  EXPECT_NE(backwards->lineage.operations[0].detail.find("Q8_0"), std::string::npos);
}

TEST(GgufZoo, TheCopyOfATunedModelIsNotSaidToBeRoundedFromItsBase) {
  const tests::TempFolder folder;
  const auto result =
      compare((kZoo / "qwen-a").string(), write_gguf(folder, "qwen-a-sft", kQ4_0), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->lineage.direction, Direction::undetermined);
  EXPECT_NE(result->lineage.lineage_class, LineageClass::independent);
}

TEST(GgufZoo, AStrangerStaysAStranger) {
  const tests::TempFolder folder;
  const auto result = compare((kZoo / "qwen-a2").string(), write_gguf(folder, "qwen-a", kQ8_0), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->lineage.lineage_class, LineageClass::independent)
      << testing::PrintToString(result->lineage.reasons);
}

}  // namespace
}  // namespace prov::zoo
