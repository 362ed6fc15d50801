// Trained models packed as GPTQ: whose copies they are, on which grid, who was first, and that
// packed weights and the same numbers stored plainly are one model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "fingerprint/fingerprint_codec.hpp"
#include "model/row_reader.hpp"
#include "provenancekit/compare.hpp"
#include "provenancekit/fingerprint.hpp"
#include "provenancekit/verify_quant.hpp"
#include "signals/fingerprint_codec.hpp"
#include "support/checkpoint_builder.hpp"
#include "support/temp_folder.hpp"

namespace prov::zoo {
namespace {

namespace fs = std::filesystem;
using format::Dtype;
using testing::HasSubstr;

const fs::path kZoo = fs::path(PROV_REPOSITORY) / "tests/zoo";
constexpr std::uint64_t kGroup = 32;

void copy_description(const fs::path& from, const tests::TempFolder& to) {
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    if (entry.path().extension() == ".json")
      fs::copy_file(entry.path(), to.path() / entry.path().filename());
  }
}

float as_f16(float value) {
  tests::Safetensors one;
  one.f16("x", {1}, {value});
  const auto bytes = one.bytes();
  std::uint16_t bits = 0;
  std::memcpy(&bits, bytes.data() + bytes.size() - 2, 2);
  return numeric::widen(numeric::Float16{bits});
}

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// Symmetric 4 bit in groups of 32 inputs: zero points of 8, stored as 7.
void add_gptq(tests::Safetensors& file, const std::string& module, std::uint64_t outputs,
              std::uint64_t inputs, const std::vector<float>& values) {
  const std::uint64_t groups = inputs / kGroup;
  std::vector<std::uint32_t> words(inputs / 8 * outputs);
  std::vector<float> scales(groups * outputs);
  for (std::uint64_t o = 0; o < outputs; ++o) {
    for (std::uint64_t g = 0; g < groups; ++g) {
      const auto group = std::span(values).subspan(o * inputs + g * kGroup, kGroup);
      float largest = 0;
      for (float value : group) largest = std::max(largest, std::abs(value));
      const float scale = as_f16(std::max(largest / 7, 1e-6F));
      scales[g * outputs + o] = scale;
      for (std::uint64_t i = 0; i < kGroup; ++i) {
        const int level = std::clamp(static_cast<int>(std::nearbyint(group[i] / scale)) + 8, 0, 15);
        const std::uint64_t r = g * kGroup + i;
        words[r / 8 * outputs + o] |= static_cast<std::uint32_t>(level) << 4 * (r % 8);
      }
    }
  }
  file.raw(module + ".qweight", Dtype::i32, {inputs / 8, outputs}, bytes_of(words));
  file.raw(module + ".qzeros", Dtype::i32, {groups, outputs / 8},
           bytes_of(std::vector<std::uint32_t>(groups * outputs / 8, 0x77777777u)));
  file.f16(module + ".scales", {groups, outputs}, scales);
}

/// A GPTQ checkpoint of a model of the zoo, embeddings and norms left as they are.
std::string write_gptq(const tests::TempFolder& folder, const std::string& name) {
  const auto checkpoint = model::open_checkpoint(*source::locate((kZoo / name).string()));
  tests::Safetensors file;
  for (const model::Tensor& tensor : checkpoint->tensors) {
    std::vector<float> values(tensor.elements());
    EXPECT_TRUE(model::RowReader(*checkpoint, tensor).read_elements(0, values));
    const auto& shape = tensor.info.shape;
    const std::string module =
        tensor.info.name.substr(0, tensor.info.name.size() - std::strlen(".weight"));
    if (tensor.role.layer >= 0 && shape.size() == 2) {
      add_gptq(file, module, shape[0], shape[1], values);
    } else {
      file.f16(tensor.info.name, shape, values);
    }
  }
  folder.write("model.safetensors", file.bytes());
  copy_description(kZoo / name, folder);
  folder.write("quantize_config.json",
               tests::bytes_of(R"({"bits": 4, "group_size": 32, "sym": true})"));
  return folder.string();
}

TEST(PackedZoo, AQuantisedCopyDescendsFromItsOriginalOnTheGridThatIsNamed) {
  const tests::TempFolder folder;
  const std::string copy = write_gptq(folder, "qwen-a");
  const auto forwards = compare((kZoo / "qwen-a").string(), copy, {});
  ASSERT_TRUE(forwards) << forwards.error().to_string();
  EXPECT_EQ(forwards->lineage.lineage_class, LineageClass::derived);
  EXPECT_EQ(forwards->lineage.direction, Direction::a_to_b);
  EXPECT_EQ(forwards->lineage.relation, "quantised");
  ASSERT_FALSE(forwards->lineage.operations.empty());
  EXPECT_THAT(forwards->lineage.operations[0].detail, HasSubstr("GPTQ int4, groups of 32"));
  const auto backwards = compare(copy, (kZoo / "qwen-a").string(), {});
  ASSERT_TRUE(backwards);
  EXPECT_EQ(backwards->lineage.direction, Direction::b_to_a);
}

TEST(PackedZoo, TheCopyOfATunedModelIsNotSaidToBeRoundedFromItsBase) {
  const tests::TempFolder folder;
  const auto result = compare((kZoo / "qwen-a").string(), write_gptq(folder, "qwen-a-sft"), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->lineage.direction, Direction::undetermined);
  EXPECT_EQ(result->lineage.lineage_class, LineageClass::same_lineage);
}

TEST(PackedZoo, AStrangerStaysAStranger) {
  const tests::TempFolder folder;
  const auto result = compare((kZoo / "qwen-a2").string(), write_gptq(folder, "qwen-a"), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->lineage.lineage_class, LineageClass::independent);
}

TEST(PackedZoo, TheSameNumbersStoredPlainlyHaveTheSameFingerprintAndAreIdentical) {
  const tests::TempFolder packed, plain;
  write_gptq(packed, "qwen-a");
  const auto checkpoint = model::open_checkpoint(*source::locate(packed.string()));
  ASSERT_TRUE(checkpoint);
  tests::Safetensors file;
  for (const model::Tensor& tensor : checkpoint->tensors) {
    std::vector<float> values(tensor.elements());
    ASSERT_TRUE(model::RowReader(*checkpoint, tensor).read_elements(0, values));
    file.f32(tensor.info.name, tensor.info.shape, values);
  }
  plain.write("model.safetensors", file.bytes());
  copy_description(kZoo / "qwen-a", plain);
  const auto of_packed = fingerprint_model(packed.string());
  const auto of_plain = fingerprint_model(plain.string());
  ASSERT_TRUE(of_packed && of_plain);
  const auto a = fingerprint::decode_fingerprint(of_packed->file, "packed");
  const auto b = fingerprint::decode_fingerprint(of_plain->file, "plain");
  ASSERT_TRUE(a && b);
  EXPECT_TRUE(a->sketch == b->sketch && a->standard == b->standard);
  const auto signals_a = signals::decode_fingerprint(a->signals, "packed");
  const auto signals_b = signals::decode_fingerprint(b->signals, "plain");
  ASSERT_TRUE(signals_a && signals_b);
  EXPECT_EQ(signals_a->weights.tensors, signals_b->weights.tensors);
  EXPECT_NE(signals_a->weights.wvc, signals_b->weights.wvc) << "the kit takes the packed words";
  const auto result = compare(packed.string(), plain.string(), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->lineage.lineage_class, LineageClass::identical);
}

QuantStatus status_of(const QuantVerification& verification, const std::string& name) {
  const auto found = std::ranges::find(verification.tensors, name, &VerifiedTensor::name);
  EXPECT_NE(found, verification.tensors.end()) << name;
  return found == verification.tensors.end() ? QuantStatus::untested : found->status;
}

TEST(PackedZoo, VerifyQuantTellsTheSourceFromItsRelativesAndFromStrangers) {
  const tests::TempFolder folder;
  const std::string copy = write_gptq(folder, "qwen-a");
  const auto faithful = verify_quant(copy, (kZoo / "qwen-a").string());
  ASSERT_TRUE(faithful) << faithful.error().to_string();
  EXPECT_EQ(faithful->conclusion, QuantConclusion::faithful) << faithful->reason;
  constexpr const char* kUp = "model.layers.0.mlp.up_proj.weight";
  EXPECT_EQ(status_of(*faithful, kUp), QuantStatus::faithful);
  EXPECT_EQ(status_of(*faithful, "model.norm.weight"), QuantStatus::unchanged);

  const auto relative = verify_quant(copy, (kZoo / "qwen-a-sft").string());
  ASSERT_TRUE(relative);
  EXPECT_EQ(relative->conclusion, QuantConclusion::altered) << relative->reason;
  EXPECT_EQ(status_of(*relative, kUp), QuantStatus::near) << "GPTQ may compensate errors";
  EXPECT_EQ(status_of(*relative, "model.embed_tokens.weight"), QuantStatus::altered);

  const auto stranger = verify_quant(copy, (kZoo / "qwen-a2").string());
  ASSERT_TRUE(stranger);
  EXPECT_EQ(stranger->conclusion, QuantConclusion::not_from_source) << stranger->reason;
  EXPECT_EQ(status_of(*stranger, kUp), QuantStatus::not_from_source);
}

/// One expert of gpt-oss [inputs, outputs]: 32 inputs share a power of two that puts the largest
/// one between 4 and 8 steps; nearest levels, ties to the smaller one.
std::vector<std::byte> mxfp4_blocks(const std::vector<float>& values, std::uint64_t outputs,
                                    std::vector<std::byte>& scales) {
  constexpr float kLevels[] = {0, 0.5F, 1, 1.5F, 2, 3, 4, 6};
  std::vector<std::byte> blocks;
  for (std::uint64_t o = 0; o < outputs; ++o) {
    for (std::uint64_t begin = 0; begin < values.size() / outputs; begin += kGroup) {
      const auto at = [&](std::uint64_t i) { return values[(begin + i) * outputs + o]; };
      float largest = 0;
      for (std::uint64_t i = 0; i < kGroup; ++i) largest = std::max(largest, std::abs(at(i)));
      const int power = std::ilogb(largest) - 2;
      scales.push_back(static_cast<std::byte>(power + 127));
      const auto code = [&](std::uint64_t i) {
        const float steps = std::ldexp(std::abs(at(i)), -power);
        const auto* const nearest = std::ranges::min_element(
            kLevels, {}, [&](float level) { return std::abs(level - steps); });
        return static_cast<unsigned>(nearest - kLevels) | (std::signbit(at(i)) ? 8u : 0u);
      };
      for (std::uint64_t i = 0; i < kGroup; i += 2)
        blocks.push_back(static_cast<std::byte>(code(i) | code(i + 1) << 4));
    }
  }
  return blocks;
}

TEST(PackedZoo, VerifyQuantTestsGroupsThatRunAcrossTheLines) {
  const auto checkpoint = model::open_checkpoint(*source::locate((kZoo / "qwen-a").string()));
  const model::Tensor& up = *checkpoint->find("model.layers.0.mlp.up_proj.weight");
  std::vector<float> values(up.elements()), other = values;
  ASSERT_TRUE(model::RowReader(*checkpoint, up).read_elements(0, values));
  const model::Tensor& next = *checkpoint->find("model.layers.1.mlp.up_proj.weight");
  ASSERT_TRUE(model::RowReader(*checkpoint, next).read_elements(0, other));
  const std::uint64_t inputs = up.rows(), outputs = up.row_elements();  // any matrix will do
  const std::string name = "model.layers.0.mlp.experts.down_proj";
  tests::TempFolder source, changed, packed;
  const auto write = [&](const tests::TempFolder& folder, const std::vector<float>& numbers) {
    tests::Safetensors file;
    file.f32(name, {1, inputs, outputs}, numbers);
    folder.write("model.safetensors", file.bytes());
  };
  write(source, values);
  write(changed, other);
  std::vector<std::byte> scales;
  const auto blocks = mxfp4_blocks(values, outputs, scales);
  tests::Safetensors file;
  file.raw(name + "_blocks", Dtype::u8, {1, outputs, inputs / kGroup, 16}, blocks);
  file.raw(name + "_scales", Dtype::u8, {1, outputs, inputs / kGroup}, scales);
  packed.write("model.safetensors", file.bytes());
  const auto faithful = verify_quant(packed.string(), source.string());
  ASSERT_TRUE(faithful) << faithful.error().to_string();
  EXPECT_EQ(faithful->tensors[0].status, QuantStatus::faithful) << faithful->reason;
  EXPECT_EQ(faithful->tensors[0].outside, 0u);
  const auto stranger = verify_quant(packed.string(), changed.string());
  ASSERT_TRUE(stranger);
  EXPECT_EQ(stranger->tensors[0].status, QuantStatus::not_from_source);
}

TEST(PackedZoo, VerifyQuantWithoutAGridDecidesNothing) {
  const auto plain = verify_quant((kZoo / "qwen-a").string(), (kZoo / "qwen-a").string());
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->conclusion, QuantConclusion::undecided);
  EXPECT_TRUE(std::ranges::all_of(plain->tensors, [](const VerifiedTensor& tensor) {
    return tensor.status == QuantStatus::unchanged;
  }));
}

TEST(PackedZoo, ASchemeThatIsNotReadIsInconclusiveAndNamed) {
  const tests::TempFolder folder;
  tests::Safetensors file;
  file.raw("model.layers.0.mlp.up_proj.codes", Dtype::i16, {64, 64},
           std::vector<std::byte>(64 * 64 * 2));
  file.f16("model.embed_tokens.weight", {64, 8}, std::vector<float>(512, 1));
  folder.write("model.safetensors", file.bytes());
  folder.write("config.json", tests::bytes_of(R"({"model_type": "llama",
      "quantization_config": {"quant_method": "aqlm"}})"));
  const auto result = compare((kZoo / "qwen-a").string(), folder.string(), {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_THAT(result->lineage.reasons.front(), HasSubstr("\"aqlm\""));
}

}  // namespace
}  // namespace prov::zoo
