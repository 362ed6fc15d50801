// One set of weights in every container: the fingerprint is the same. Where the container rounds,
// it is the fingerprint of the rounded weights, and close.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <iterator>
#include <map>

#include "fingerprint/fingerprint_codec.hpp"
#include "laws/law_model.hpp"
#include "provenancekit/fingerprint.hpp"
#include "support/gguf_builder.hpp"
#include "support/gguf_names.hpp"
#include "support/pytorch_builder.hpp"

namespace prov {
namespace {

using fingerprint::FingerprintFile;
using laws::add;
using laws::file_of;
using laws::Float;
using laws::NamedTensor;
using laws::Weights;

std::vector<std::byte> gguf_of(const Weights& weights, Float type) {
  tests::Gguf file;
  file.text("general.architecture", "qwen2").u32("qwen2.attention.head_count", 4);
  for (NamedTensor tensor : weights) {
    tensor.name = tests::gguf_name(tensor.name);
    add(file, tensor, tensor.shape.size() == 1 ? Float::f32 : type);  // as llama.cpp writes them
  }
  return file.bytes();
}

using Write = std::function<void(const tests::TempFolder&, const Weights&)>;

Write one_file(const char* name, auto bytes_of) {
  return [=](const tests::TempFolder& folder, const Weights& weights) {
    folder.write(name, bytes_of(weights));
  };
}

Write safetensors(Float type) {
  return one_file("model.safetensors",
                  [=](const Weights& weights) { return file_of(weights, type).bytes(); });
}

Write pytorch(const char* name, Float type, bool legacy) {
  return one_file(name, [=](const Weights& weights) {
    const auto file = file_of<tests::Pytorch>(weights, type);
    return legacy ? file.legacy() : file.zip();
  });
}

Write gguf(Float type) {
  return one_file("model.gguf", [=](const Weights& weights) { return gguf_of(weights, type); });
}

void write_shards(const tests::TempFolder& folder, const Weights& weights) {
  laws::write_three_shards(folder, weights, {Float::bf16, Float::f16, Float::f32});
}

const std::map<std::string, Write> kContainers{
    {"safetensors F32", safetensors(Float::f32)},
    {"safetensors F16", safetensors(Float::f16)},
    {"safetensors BF16", safetensors(Float::bf16)},
    {"safetensors, shards of three types", write_shards},
    {"GGUF F32", gguf(Float::f32)},
    {"GGUF F16", gguf(Float::f16)},
    {".bin, zip, F32", pytorch("pytorch_model.bin", Float::f32, false)},
    {".bin, zip, BF16", pytorch("pytorch_model.bin", Float::bf16, false)},
    {".pt, legacy, F32", pytorch("model.pt", Float::f32, true)},
    {".pt, legacy, F16", pytorch("model.pt", Float::f16, true)},
};

/// The part that is drawn from weights alone: a GGUF file has a configuration of its own.
FingerprintFile weight_parts(const Write& write, const Weights& weights) {
  const tests::TempFolder folder;
  laws::copy_metadata(folder);
  write(folder, weights);
  const auto model = fingerprint_model(folder.string());
  EXPECT_TRUE(model) << model.error().to_string();
  auto file = fingerprint::decode_fingerprint(model->file, "law");
  EXPECT_TRUE(file && file->sketch && file->standard);
  file->signals.clear();
  return *std::move(file);
}

/// What both 16-bit types hold exactly: trained BF16 values, rounded to F16.
Weights weights_of_16_bits() {
  const tests::TempFolder folder;
  folder.write("model.safetensors", file_of(laws::weights_in(laws::kModel), Float::f16).bytes());
  return laws::weights_in(folder.path());
}

TEST(ContainerLaw, EqualWeightsHaveEqualFingerprintsInEveryContainer) {
  const Weights weights = weights_of_16_bits();
  const FingerprintFile original = weight_parts(safetensors(Float::f32), weights);
  EXPECT_FALSE(original.sketch->words.empty());
  EXPECT_FALSE(original.standard->mlps.empty());
  for (const auto& [name, write] : kContainers)
    EXPECT_EQ(weight_parts(write, weights), original) << name;
}

/// Trained weights with all 24 bits of a float.
Weights weights_of_24_bits() {
  Weights weights = laws::weights_in(laws::kModel);
  std::uint32_t state = 6;
  for (NamedTensor& tensor : weights) {
    for (float& value : tensor.values) {
      state = state * 1664525 + 1013904223;
      value *= 1 + static_cast<float>(state >> 16) * 0x1p-24F;  // below half a step of BF16
    }
  }
  return weights;
}

int differing_bits(const fingerprint::BinaryCode& a, const fingerprint::BinaryCode& b) {
  int bits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) bits += std::popcount(a[i] ^ b[i]);
  return bits;
}

double shared_words(const FingerprintFile& a, const FingerprintFile& b) {
  std::vector<std::uint64_t> both;
  std::set_intersection(a.sketch->words.begin(), a.sketch->words.end(), b.sketch->words.begin(),
                        b.sketch->words.end(), std::back_inserter(both));
  return static_cast<double>(both.size()) / static_cast<double>(a.sketch->words.size());
}

/// Of 8192, where two unrelated models differ in half. Those that stand for weights that a model
/// does not have depend on every weight.
constexpr int kFewBits = 410;

TEST(ContainerLaw, AContainerThatRoundsHasTheFingerprintOfTheRoundedWeights) {
  const Weights exact = weights_of_24_bits();
  const FingerprintFile original = weight_parts(safetensors(Float::f32), exact);
  std::map<Float, FingerprintFile> rounded;
  for (const Float type : {Float::f16, Float::bf16}) {
    const FingerprintFile& file = rounded[type] = weight_parts(safetensors(type), exact);
    EXPECT_NE(file.sketch->weights, original.sketch->weights);
    EXPECT_GE(shared_words(original, file), 0.95);
    EXPECT_LE(differing_bits(original.sketch->positional, file.sketch->positional), kFewBits);
    EXPECT_LE(differing_bits(original.sketch->hidden_axis, file.sketch->hidden_axis), kFewBits);
  }
  EXPECT_EQ(weight_parts(pytorch("pytorch_model.bin", Float::bf16, false), exact),
            rounded[Float::bf16]);
  EXPECT_EQ(weight_parts(pytorch("model.pt", Float::f16, true), exact), rounded[Float::f16]);
}

}  // namespace
}  // namespace prov
