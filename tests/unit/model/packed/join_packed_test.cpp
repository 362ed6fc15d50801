#include "model/packed/join_packed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "model/row_reader.hpp"
#include "support/checkpoint_builder.hpp"

namespace prov::model {
namespace {

using format::Dtype;
using testing::HasSubstr;
using tests::Safetensors;
using tests::TempFolder;

constexpr const char* kModule = "model.layers.0.mlp.up_proj";

std::string part(const std::string& name) { return std::string(kModule) + "." + name; }

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::vector<std::byte> filler(std::size_t count) { return std::vector<std::byte>(count); }

std::string config(const std::string& quantisation) {
  return R"({"model_type": "llama", "quantization_config": )" + quantisation + "}";
}

constexpr const char* kGptq =
    R"({"quant_method": "gptq", "bits": 4, "group_size": 16, "checkpoint_format": "gptq"})";

/// 32 inputs, 8 outputs, two groups.
Safetensors gptq(std::vector<std::int32_t> order = {}) {
  Safetensors file;
  file.raw(part("qweight"), Dtype::i32, {4, 8}, filler(4 * 8 * 4));
  file.raw(part("qzeros"), Dtype::i32, {2, 1}, filler(2 * 4));
  file.f16(part("scales"), {2, 8}, std::vector<float>(16, 0.5F));
  if (!order.empty()) file.raw(part("g_idx"), Dtype::i32, {order.size()}, bytes_of(order));
  return file;
}

class JoinPacked : public testing::Test {
 protected:
  Result<Checkpoint> opened(const Safetensors& file, const std::string& config_text) {
    folder_.write("model.safetensors", file.bytes());
    if (!config_text.empty()) folder_.write("config.json", tests::bytes_of(config_text));
    return open_checkpoint(*source::locate(folder_.string()));
  }

  void expect_error(const Safetensors& file, const std::string& config_text, ErrorCode code,
                    const std::string& field, const std::string& words) {
    const auto checkpoint = opened(file, config_text);
    ASSERT_FALSE(checkpoint) << "expected: " << words;
    const Error& error = checkpoint.error();
    EXPECT_EQ(error.code, code) << error.to_string();
    EXPECT_EQ(error.field, field) << error.to_string();
    EXPECT_THAT(error.to_string(), HasSubstr(words));
    EXPECT_THAT(error.file, HasSubstr("model.safetensors"));
  }

  TempFolder folder_;
};

TEST_F(JoinPacked, TheWholeHasItsTrueNameShapeAndRole) {
  const auto checkpoint = opened(gptq(), config(kGptq));
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  ASSERT_EQ(checkpoint->tensors.size(), 1u);
  const Tensor& tensor = checkpoint->tensors[0];
  EXPECT_EQ(tensor.info.name, part("weight"));
  EXPECT_THAT(tensor.info.shape, testing::ElementsAre(8u, 32u));
  EXPECT_EQ(tensor.role.kind, RoleKind::up);
  EXPECT_EQ(tensor.role.layer, 0);
  EXPECT_EQ(tensor.info.dtype, Dtype::f16);
  std::vector<std::string> parts;
  for (const Tensor& kept : tensor.parts) parts.push_back(kept.info.name);
  EXPECT_THAT(parts,
              testing::UnorderedElementsAre(part("qweight"), part("qzeros"), part("scales")));
  std::vector<float> value(1);
  ASSERT_TRUE(RowReader(*checkpoint, tensor).read_elements(5, value));
  EXPECT_EQ(value[0], -0.5F) << "codes of 0 and stored zero points of 0 + 1";
}

TEST_F(JoinPacked, PartsMayLieInSeveralShards) {
  Safetensors first, second;
  first.raw(part("qweight"), Dtype::i32, {4, 8}, filler(4 * 8 * 4));
  second.raw(part("qzeros"), Dtype::i32, {2, 1}, filler(2 * 4));
  second.f16(part("scales"), {2, 8}, std::vector<float>(16, 2));
  tests::write_sharded(folder_, {first, second});
  folder_.write("config.json", tests::bytes_of(config(kGptq)));
  const auto checkpoint = open_checkpoint(*source::locate(folder_.string()));
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  ASSERT_EQ(checkpoint->tensors.size(), 1u);
  std::vector<float> values(8 * 32);
  ASSERT_TRUE(RowReader(*checkpoint, checkpoint->tensors[0]).read_elements(0, values));
  EXPECT_THAT(values, testing::Each(-2));
}

TEST_F(JoinPacked, AGroupThatIsNotThereIsAnError) {
  std::vector<std::int32_t> order(32, 1);
  order[7] = 2;
  expect_error(gptq(order), config(kGptq), ErrorCode::out_of_range, part("g_idx"),
               "input 7 is in group 2, there are 2 groups");
  order[7] = -1;
  expect_error(gptq(order), config(kGptq), ErrorCode::out_of_range, part("g_idx"), "group -1");
}

TEST_F(JoinPacked, AMissingPartIsAnError) {
  Safetensors file;
  file.raw(part("qweight"), Dtype::i32, {4, 8}, filler(4 * 8 * 4));
  file.f16(part("scales"), {2, 8}, std::vector<float>(16, 1));
  expect_error(file, config(kGptq), ErrorCode::not_found, kModule, "has no qzeros");
}

TEST_F(JoinPacked, ShapesThatContradictEachOtherAreAnError) {
  Safetensors file;
  file.raw(part("qweight"), Dtype::i32, {4, 8}, filler(4 * 8 * 4));
  file.raw(part("qzeros"), Dtype::i32, {2, 2}, filler(4 * 4));
  file.f16(part("scales"), {2, 8}, std::vector<float>(16, 1));
  expect_error(file, config(kGptq), ErrorCode::size_mismatch, part("qzeros"), "[2, 2]");
}

TEST_F(JoinPacked, TheConfigurationMustAgreeWithTheTensors) {
  expect_error(gptq(), config(R"({"quant_method": "gptq", "bits": 4, "group_size": 8})"),
               ErrorCode::size_mismatch, part("scales"), "config.json says groups of 8");
  expect_error(gptq(), config(R"({"quant_method": "awq", "bits": 4, "group_size": 16})"),
               ErrorCode::malformed, kModule, "states the quantisation \"awq\"");
  std::vector<std::int32_t> order(32, 1);
  expect_error(gptq(order), config(R"({"quant_method": "gptq", "bits": 8, "group_size": 16})"),
               ErrorCode::size_mismatch, part("qweight"), "4 bits, config.json says 8");
}

TEST_F(JoinPacked, APlainWeightBesideAPackedOneIsADuplicate) {
  Safetensors file = gptq();
  file.f16(part("weight"), {8, 32}, std::vector<float>(256, 1));
  expect_error(file, config(kGptq), ErrorCode::duplicate, part("weight"), "holds too");
}

TEST_F(JoinPacked, WhatTheFilesDoNotSettleIsNotGuessed) {
  const auto silent = opened(gptq(), "");
  ASSERT_TRUE(silent);
  EXPECT_THAT(silent->unread, HasSubstr("GPTQ without a configuration"));
  EXPECT_NE(silent->find(part("qweight")), nullptr) << "the parts stay";

  const auto marlin = opened(
      gptq(), config(R"({"quant_method": "gptq", "bits": 4, "checkpoint_format": "marlin"})"));
  ASSERT_TRUE(marlin);
  EXPECT_THAT(marlin->unread, HasSubstr("GPTQ in the checkpoint_format \"marlin\""));
}

TEST_F(JoinPacked, AnUnknownSchemeIsNamed) {
  Safetensors file;
  file.raw(part("codes"), Dtype::i16, {32, 16}, filler(32 * 16 * 2));
  file.f16(part("codebooks"), {4, 4}, std::vector<float>(16, 1));
  const auto checkpoint = opened(file, config(R"({"quant_method": "aqlm"})"));
  ASSERT_TRUE(checkpoint);
  EXPECT_THAT(checkpoint->unread, HasSubstr("\"aqlm\""));
  EXPECT_THAT(checkpoint->warnings, testing::Contains(HasSubstr("aqlm")));
}

TEST_F(JoinPacked, AConfigurationThatNothingFollowsIsANote) {
  Safetensors file;
  file.f16(part("weight"), {8, 32}, std::vector<float>(256, 1));
  file.raw("model.layers.0.attn.bias", Dtype::u8, {1, 1, 32, 32}, filler(1024));
  const auto checkpoint = opened(file, config(R"({"quant_method": "bitsandbytes"})"));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->unread, "");
  EXPECT_THAT(checkpoint->warnings, testing::ElementsAre(HasSubstr("stored as plain numbers")));
}

TEST_F(JoinPacked, BuffersBesideReadWeightsAreNotPackedWeights) {
  Safetensors file = gptq();
  file.raw("model.layers.0.attn.bias", Dtype::u8, {1, 1, 32, 32}, filler(1024));
  const auto checkpoint = opened(file, config(kGptq));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->unread, "");
}

Safetensors nf4(const std::string& state, std::size_t bytes = 1024) {
  Safetensors file;
  file.raw(part("weight"), Dtype::u8, {bytes, 1}, filler(bytes));
  file.f32(part("weight.quant_map"), {16}, std::vector<float>(16, 1));
  file.f32(part("weight.absmax"), {32}, std::vector<float>(32, 1));
  file.raw(part("weight.quant_state.bitsandbytes__nf4"), Dtype::u8, {state.size()},
           tests::bytes_of(state));
  return file;
}

TEST_F(JoinPacked, TheDescriptionOfA4BitWeightIsAStrangersText) {
  const std::string state = part("weight.quant_state.bitsandbytes__nf4");
  expect_error(nf4(R"({"shape": [32, 64], "blocksize")"), "", ErrorCode::malformed, state, "JSON");
  expect_error(nf4(R"({"blocksize": 64})"), "", ErrorCode::malformed, state, "no shape");
  expect_error(nf4(R"({"shape": [32, -64]})"), "", ErrorCode::malformed, state, "sizes");
  expect_error(nf4(R"({"shape": [32, 64], "blocksize": 0})"), "", ErrorCode::malformed, state,
               "blocksize");
  expect_error(nf4(R"({"shape": [4294967296, 4294967296]})"), "", ErrorCode::size_mismatch,
               part("weight"), "1024 bytes");
  expect_error(nf4(R"({"shape": [32, 64], "blocksize": 32})"), "", ErrorCode::size_mismatch,
               part("weight.absmax"), "[64]");
  expect_error(nf4(std::string(70'000, ' ')), "", ErrorCode::too_large, state, "64 KiB");
}

TEST_F(JoinPacked, TablesThatAreTooShortAreErrors) {
  Safetensors file;
  file.raw(part("weight"), Dtype::u8, {1024, 1}, filler(1024));
  file.f32(part("weight.quant_map"), {15}, std::vector<float>(15, 1));
  file.f32(part("weight.absmax"), {32}, std::vector<float>(32, 1));
  file.raw(part("weight.quant_state.bitsandbytes__nf4"), Dtype::u8, {19},
           tests::bytes_of(R"({"shape": [32, 64]})"));
  expect_error(file, "", ErrorCode::size_mismatch, part("weight.quant_map"), "[16]");
}

TEST_F(JoinPacked, ScalesOfOtherShapesAreErrors) {
  Safetensors int8;
  int8.raw(part("weight"), Dtype::i8, {4, 8}, filler(32));
  int8.f32(part("SCB"), {5}, {1, 2, 3, 4, 5});
  expect_error(int8, "", ErrorCode::size_mismatch, part("SCB"), "[4]");

  Safetensors fp8;
  fp8.raw(part("weight"), Dtype::f8_e4m3, {4, 8}, filler(32));
  fp8.f32(part("weight_scale_inv"), {2, 3}, std::vector<float>(6, 1));
  expect_error(fp8, config(R"({"quant_method": "fp8", "weight_block_size": [2, 4]})"),
               ErrorCode::size_mismatch, part("weight_scale_inv"), "[2, 3]");
  const auto unsettled = opened(fp8, config(R"({"quant_method": "fp8"})"));
  ASSERT_TRUE(unsettled);
  EXPECT_THAT(unsettled->unread, HasSubstr("whose blocks nothing names"));
}

TEST_F(JoinPacked, FalseSizesOfPackedIntegersAreErrors) {
  const auto packed = [](std::vector<std::int64_t> shape) {
    Safetensors file;
    file.raw(part("weight_packed"), Dtype::i32, {4, 2}, filler(32));
    file.f32(part("weight_scale"), {4, 1}, std::vector<float>(4, 1));
    file.raw(part("weight_shape"), Dtype::i64, {shape.size()}, bytes_of(shape));
    return file;
  };
  const std::string four_bits = config(
      R"({"quant_method": "compressed-tensors", "config_groups": {"g": {"weights": {"num_bits": 4}}}})");
  expect_error(packed({-4, 16}), four_bits, ErrorCode::out_of_range, part("weight_shape"), "-4");
  expect_error(packed({5, 16}), four_bits, ErrorCode::size_mismatch, part("weight_packed"),
               "[5, 2]");
  expect_error(packed({4, 16, 1}), four_bits, ErrorCode::size_mismatch, part("weight_shape"),
               "[2]");
  const auto other = opened(packed({4, 1 << 30}), four_bits);
  ASSERT_TRUE(other);
  EXPECT_THAT(other->unread, HasSubstr("nothing settles"));
}

TEST_F(JoinPacked, CodesOfAnotherSizeThanTheGroupsAreErrors) {
  Safetensors file;
  file.raw(part("W_q"), Dtype::u8, {7, 16}, filler(112));
  file.f16(part("scale"), {16, 1}, std::vector<float>(16, 1));
  file.f16(part("zero"), {16, 1}, std::vector<float>(16, 1));
  file.raw(part("shape"), Dtype::i64, {2}, bytes_of(std::vector<std::int64_t>{8, 32}));
  file.raw(part("nbits"), Dtype::i64, {1}, bytes_of(std::vector<std::int64_t>{4}));
  expect_error(file, "", ErrorCode::size_mismatch, part("W_q"), "112 numbers");
}

TEST_F(JoinPacked, GroupsThatDoNotFillRowsAreErrors) {
  Safetensors file;
  file.raw(part("weight"), Dtype::u32, {4, 3}, filler(48));
  file.f16(part("scales"), {4, 1}, std::vector<float>(4, 1));
  file.f16(part("biases"), {4, 1}, std::vector<float>(4, 1));
  expect_error(file, R"({"quantization": {"bits": 4, "group_size": 32}})", ErrorCode::size_mismatch,
               part("weight"), "rows of 3 words");
}

TEST_F(JoinPacked, Mxfp6IsNamedAndNotRead) {
  Safetensors file;
  file.raw(part("weight_packed"), Dtype::u8, {8, 48}, filler(8 * 48));  // four numbers in 3 bytes
  file.raw(part("weight_scale"), Dtype::u8, {8, 2}, filler(8 * 2));
  const auto checkpoint = opened(
      file, config(R"({"quant_method": "compressed-tensors", "format": "mxfp6-pack-quantized"})"));
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_THAT(checkpoint->unread, HasSubstr("MXFP6"));
}

/// SmoothQuant, W4A8 and blocks of FP8 as ModelOpt 0.47 exports them.
TEST_F(JoinPacked, WhatOfModelOptIsNotReadIsNamed) {
  const auto unread = [&](const Safetensors& file) {
    const auto checkpoint = opened(file, config(R"({"quant_method": "modelopt"})"));
    EXPECT_TRUE(checkpoint) << checkpoint.error().to_string();
    return checkpoint ? checkpoint->unread : std::string();
  };
  Safetensors smooth;
  smooth.raw(part("weight"), Dtype::i8, {8, 32}, filler(256));
  smooth.f32(part("weight_scale"), {8}, std::vector<float>(8, 1));
  smooth.bf16(part("pre_quant_scale"), {32}, std::vector<float>(32, 2));
  EXPECT_THAT(unread(smooth), HasSubstr("pre_quant_scale"));
  Safetensors w4a8;
  w4a8.raw(part("weight"), Dtype::u8, {4, 32}, filler(128));
  w4a8.f32(part("weight_scale"), {8, 1}, std::vector<float>(8, 1));
  w4a8.f32(part("weight_scale_2"), {}, {1});
  EXPECT_THAT(unread(w4a8), HasSubstr("W4A8"));
  Safetensors blocks;
  blocks.raw(part("weight"), Dtype::f8_e4m3, {32, 32}, filler(1024));
  blocks.f32(part("weight_scale"), {2, 1, 2, 1}, std::vector<float>(4, 1));
  EXPECT_THAT(unread(blocks), HasSubstr("more than two dimensions"));
}

/// Of experts, since mlx-lm 0.32: the numbers would be wrong by that factor.
TEST_F(JoinPacked, MlxWithAGlobalScaleIsNamedAndNotRead) {
  Safetensors file;
  file.raw(part("weight"), Dtype::u32, {2, 4, 2}, filler(64));
  file.raw(part("scales"), Dtype::u8, {2, 4, 1}, filler(8));
  file.f32(part("global_scale"), {2}, {2, 3});
  const auto checkpoint =
      opened(file, R"({"quantization": {"bits": 4, "group_size": 16, "mode": "nvfp4"}})");
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_THAT(checkpoint->unread, HasSubstr("global scale"));
}

/// Rows whose words fit both packings of 3 bits say nothing.
TEST_F(JoinPacked, APackingThatNothingSettlesIsNotGuessed) {
  Safetensors file;
  file.raw(part("weight_packed"), Dtype::i32, {8, 2}, filler(8 * 2 * 4));
  file.raw(part("weight_shape"), Dtype::i64, {2}, bytes_of(std::vector<std::int64_t>{8, 20}));
  file.bf16(part("weight_scale"), {8, 1}, std::vector<float>(8, 0.5F));
  const auto checkpoint = opened(file, config(R"({"quant_method": "compressed-tensors",
      "format": "pack-quantized", "config_groups": {"group_0": {"weights": {"num_bits": 3}}}})"));
  ASSERT_TRUE(checkpoint) << checkpoint.error().to_string();
  EXPECT_THAT(checkpoint->unread, HasSubstr("nothing settles"));
}

}  // namespace
}  // namespace prov::model
