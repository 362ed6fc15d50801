// What must not change the words, codes and responses of a model, and what must: on a really
// trained model that the repository carries.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "fingerprint/fingerprint_codec.hpp"
#include "laws/law_model.hpp"
#include "numeric/kernels/kernels.hpp"
#include "provenancekit/fingerprint.hpp"
#include "support/pytorch_builder.hpp"

namespace prov {
namespace {

namespace fs = std::filesystem;

using laws::file_of;
using laws::Float;
using laws::kModel;
using laws::NamedTensor;

/// Of all weights, and of samples.
struct Fingerprints {
  std::vector<std::byte> whole, sampled;
  friend bool operator==(const Fingerprints&, const Fingerprints&) = default;
};

Fingerprints fingerprint(const fs::path& reference) {
  const auto whole = fingerprint_model(reference.string());
  const auto sampled = fingerprint_model(reference.string(), {.depth = Depth::fast});
  EXPECT_TRUE(whole) << whole.error().to_string();
  EXPECT_TRUE(sampled) << sampled.error().to_string();
  return {whole->file, sampled->file};
}

class WeightFingerprintLaw : public testing::Test {
 protected:
  WeightFingerprintLaw() { laws::copy_metadata(folder_); }

  Fingerprints stored_as(const tests::Safetensors& file,
                         const std::string& name = "model.safetensors") {
    folder_.write(name, file.bytes());
    return fingerprint(folder_.path());
  }

  tests::TempFolder folder_;
  laws::Weights tensors_ = laws::weights_in(kModel);
  const Fingerprints original_ = fingerprint(kModel);
};

TEST_F(WeightFingerprintLaw, TheOrderOfTensorsInTheFileDoesNotMatter) {
  std::ranges::reverse(tensors_);
  EXPECT_EQ(stored_as(file_of(tensors_, Float::bf16)), original_);
}

TEST_F(WeightFingerprintLaw, TheContainerOfEqualValuesDoesNotMatter) {
  EXPECT_EQ(stored_as(file_of(tensors_, Float::f32)), original_);
}

TEST_F(WeightFingerprintLaw, PytorchFilesDoNotMatter) {
  const auto file = file_of<tests::Pytorch>(tensors_, Float::bf16);
  for (const std::vector<std::byte>& bytes : {file.zip(), file.legacy()}) {
    folder_.write("pytorch_model.bin", bytes);
    EXPECT_EQ(fingerprint(folder_.path()), original_);
  }
}

TEST_F(WeightFingerprintLaw, TheNameOfTheFileDoesNotMatter) {
  EXPECT_EQ(stored_as(file_of(tensors_, Float::bf16), "other name.safetensors"), original_);
}

TEST_F(WeightFingerprintLaw, ShardsDoNotMatter) {
  laws::write_three_shards(folder_, tensors_, {Float::bf16, Float::f32, Float::bf16});
  EXPECT_EQ(fingerprint(folder_.path()), original_);
}

TEST_F(WeightFingerprintLaw, ThreadsAndKernelsDoNotMatter) {
  const std::string best(numeric::kernels().name);
  for (const numeric::Kernels* kernels : numeric::available_kernels()) {
    ASSERT_TRUE(numeric::force_kernels(kernels->name));
    for (const char* threads : {"1", "5"}) {
      setenv("PROVENANCEKIT_THREADS", threads, 1);
      EXPECT_EQ(fingerprint(kModel), original_) << kernels->name << ", " << threads << " threads";
    }
  }
  unsetenv("PROVENANCEKIT_THREADS");
  numeric::force_kernels(best);
}

TEST_F(WeightFingerprintLaw, OneWeightMatters) {
  NamedTensor& tensor =
      *std::ranges::min_element(tensors_, {}, [](const NamedTensor& t) { return t.values.size(); });
  tensor.values.back() = std::nextafter(tensor.values.back(), 1e9F);
  EXPECT_NE(stored_as(file_of(tensors_, Float::f32)).whole, original_.whole);
}

TEST_F(WeightFingerprintLaw, OneNameMattersToSamplesToo) {
  tensors_.back().name += "s";
  EXPECT_NE(stored_as(file_of(tensors_, Float::f32)).sampled, original_.sampled);
}

TEST_F(WeightFingerprintLaw, WhatIsSampledIsTheSameAsOfAllWeights) {
  const auto whole = fingerprint::decode_fingerprint(original_.whole, "whole");
  const auto sampled = fingerprint::decode_fingerprint(original_.sampled, "sampled");
  ASSERT_TRUE(whole && sampled);
  EXPECT_FALSE(whole->sketch->sampled || whole->standard->sampled);
  EXPECT_TRUE(sampled->sketch->sampled && sampled->standard->sampled);
  for (std::size_t word = 0; word < 7 * fingerprint::kCodeWords / 8; ++word)
    EXPECT_EQ(sampled->sketch->positional[word], whole->sketch->positional[word]) << word;
  // The last eighth, of token rows, is random where the vocabulary is small.
  EXPECT_EQ(sampled->sketch->hidden_axis, whole->sketch->hidden_axis);
  EXPECT_EQ(sampled->standard->samples, whole->standard->samples);
  ASSERT_EQ(sampled->standard->mlps.size(), 1U);
  EXPECT_EQ(std::ranges::count(whole->standard->mlps, sampled->standard->mlps[0]), 1);
  EXPECT_TRUE(std::ranges::includes(whole->sketch->words, sampled->sketch->words));
  EXPECT_FALSE(sampled->sketch->words.empty());
  EXPECT_TRUE(sampled->sketch->tensor_hashes.empty());
  EXPECT_FALSE(sampled->sketch->weights == whole->sketch->weights);
}

fingerprint::FingerprintFile stored(const std::string& version) {
  const fs::path path = fs::path(PROV_REPOSITORY) / "tests/compat" / version / "qwen-a.fp";
  const auto source = source::open_local_file(path.string());
  const auto text = source::read_all(**source, fingerprint::kLargestFingerprint);
  const auto file = fingerprint::decode_fingerprint(std::as_bytes(std::span(*text)), path.string());
  EXPECT_TRUE(file) << file.error().to_string();
  return *file;
}

TEST_F(WeightFingerprintLaw, AFileOfThisVersionIsReadByEveryLaterOne) {
  // tests/compat/v*/qwen-a.fp were written by versions 1 and 2 of the format. Never make them anew:
  // what they hold is what users have. The same model is still described by the same numbers.
  for (const auto& [version, bytes] :
       {std::pair("v1", original_.whole), std::pair("v2", original_.sampled)}) {
    const fingerprint::FingerprintFile then = stored(version);
    const auto today = fingerprint::decode_fingerprint(bytes, "today");
    ASSERT_TRUE(then.sketch && then.standard);
    EXPECT_EQ(*today->sketch, *then.sketch);
    EXPECT_EQ(*today->standard, *then.standard);
  }
}

}  // namespace
}  // namespace prov
