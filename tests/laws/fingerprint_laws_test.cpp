// What must not change a fingerprint: shards, order of tensors, file names, the container of equal
// values, threads, the kernels. And what must. On a really trained model that the repository
// carries.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/parallel_for.hpp"
#include "laws/law_model.hpp"
#include "numeric/kernels/kernels.hpp"
#include "signals/fingerprint_codec.hpp"
#include "support/gguf_builder.hpp"
#include "support/gguf_names.hpp"
#include "support/pytorch_builder.hpp"
#include "verdict/prepared_model.hpp"

namespace prov {
namespace {

namespace fs = std::filesystem;

using laws::file_of;
using laws::Float;
using laws::kModel;
using laws::NamedTensor;

std::vector<std::byte> fingerprint(const fs::path& reference) {
  auto prepared = verdict::open_prepared(reference.string());
  EXPECT_TRUE(prepared) << prepared.error().to_string();
  const auto status = verdict::read_weights(*prepared, {});
  EXPECT_TRUE(status) << status.error().to_string();
  return signals::encode({prepared->weights, prepared->mfi, prepared->tfv});
}

/// The weights' part alone: a GGUF has a configuration of its own, whose tokenizer class chooses
/// other anchors for EAS and END.
std::vector<std::byte> weight_fingerprint(const fs::path& reference) {
  auto prepared = verdict::open_prepared(reference.string());
  EXPECT_TRUE(prepared) << prepared.error().to_string();
  const auto status = verdict::read_weights(*prepared, {});
  EXPECT_TRUE(status) << status.error().to_string();
  prepared->weights.eas = {};
  prepared->weights.end = {};
  return signals::encode({prepared->weights, {}, {}});
}

/// Rows of one head: the two halves side by side, pair by pair.
NamedTensor with_rotary_pairs(NamedTensor tensor, std::size_t heads) {
  const std::size_t rows = tensor.shape[0], width = tensor.values.size() / rows;
  const std::size_t size = rows / heads;
  const std::vector<float> from = tensor.values;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t within = row % size;
    const std::size_t to =
        row - within + (within < size / 2 ? 2 * within : 2 * (within - size / 2) + 1);
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(row * width), width,
                tensor.values.begin() + static_cast<std::ptrdiff_t>(to * width));
  }
  return tensor;
}

tests::Gguf gguf_of(const laws::Weights& tensors, Float type, std::string_view architecture) {
  constexpr std::uint32_t kHeads = 4, kKeyHeads = 2;
  tests::Gguf file;
  const std::string prefix = std::string(architecture) + ".attention.";
  file.text("general.architecture", architecture)
      .u32(prefix + "head_count", kHeads)
      .u32(prefix + "head_count_kv", kKeyHeads);
  for (NamedTensor tensor : tensors) {
    if (architecture == "llama" && tensor.name.find("q_proj") != std::string::npos)
      tensor = with_rotary_pairs(std::move(tensor), kHeads);
    if (architecture == "llama" && tensor.name.find("k_proj") != std::string::npos)
      tensor = with_rotary_pairs(std::move(tensor), kKeyHeads);
    const std::string name = tests::gguf_name(tensor.name);
    type == Float::f32 ? file.f32(name, tensor.shape, tensor.values)
                       : file.f16(name, tensor.shape, tensor.values);
  }
  return file;
}

/// Matrices in f32 are stored turned round, as views.
tests::Pytorch pytorch_of(const laws::Weights& tensors, Float type) {
  tests::Pytorch file;
  for (const NamedTensor& tensor : tensors) {
    if (type == Float::bf16) {
      file.bf16(tensor.name, tensor.shape, tensor.values);
    } else if (tensor.shape.size() == 2) {
      file.f32_transposed(tensor.name, tensor.shape, tensor.values);
    } else {
      file.f32(tensor.name, tensor.shape, tensor.values);
    }
  }
  return file;
}

class FingerprintLaw : public testing::Test {
 protected:
  FingerprintLaw() { laws::copy_metadata(folder_); }

  std::vector<std::byte> stored_as(const tests::Safetensors& file,
                                   const std::string& name = "model.safetensors") {
    folder_.write(name, file.bytes());
    return fingerprint(folder_.path());
  }

  tests::TempFolder folder_;
  laws::Weights tensors_ = laws::weights_in(kModel);
  const std::vector<std::byte> original_ = fingerprint(kModel);
};

TEST_F(FingerprintLaw, TheOrderOfTensorsInTheFileDoesNotMatter) {
  EXPECT_EQ(stored_as(file_of(tensors_, Float::bf16)), original_);
  std::ranges::reverse(tensors_);
  EXPECT_EQ(stored_as(file_of(tensors_, Float::bf16)), original_);
}

TEST_F(FingerprintLaw, TheContainerOfEqualValuesDoesNotMatter) {
  EXPECT_EQ(stored_as(file_of(tensors_, Float::f32)), original_);
}

TEST_F(FingerprintLaw, GgufAndItsReorderedRowsDoNotMatter) {
  for (const Float type : {Float::f32, Float::f16}) {
    const tests::TempFolder plain;
    laws::copy_metadata(plain);
    plain.write("model.safetensors", file_of(tensors_, type).bytes());
    const std::vector<std::byte> expected = weight_fingerprint(plain.path());
    for (const std::string_view architecture : {"qwen2", "llama"}) {
      const tests::TempFolder folder;
      laws::copy_metadata(folder);
      folder.write("model.gguf", gguf_of(tensors_, type, architecture).bytes());
      EXPECT_EQ(weight_fingerprint(folder.path()), expected) << architecture;
    }
  }
}

TEST_F(FingerprintLaw, PytorchFilesAndTheirViewsDoNotMatter) {
  for (const Float type : {Float::bf16, Float::f32}) {
    const tests::Pytorch file = pytorch_of(tensors_, type);
    for (const std::vector<std::byte>& bytes : {file.zip(), file.legacy()}) {
      const tests::TempFolder folder;
      laws::copy_metadata(folder);
      folder.write("pytorch_model.bin", bytes);
      EXPECT_EQ(fingerprint(folder.path()), original_);
    }
  }
}

TEST_F(FingerprintLaw, ASecondNameOfTheEmbeddingDoesNotMatter) {
  tests::Pytorch file = pytorch_of(tensors_, Float::bf16);
  const std::string head = "lm_head.weight";
  if (std::ranges::find(tensors_, head, &NamedTensor::name) == tensors_.end())
    file.tied(head, "model.embed_tokens.weight");
  folder_.write("pytorch_model.bin", file.legacy());
  EXPECT_EQ(fingerprint(folder_.path()), original_);
}

TEST_F(FingerprintLaw, TheNameOfTheFileDoesNotMatter) {
  EXPECT_EQ(stored_as(file_of(tensors_, Float::bf16), "other name.safetensors"), original_);
}

TEST_F(FingerprintLaw, ShardsDoNotMatter) {
  laws::write_three_shards(folder_, tensors_, {Float::bf16, Float::f32, Float::bf16});
  EXPECT_EQ(fingerprint(folder_.path()), original_);
}

TEST_F(FingerprintLaw, ThreadsAndKernelsDoNotMatter) {
  const std::string best(numeric::kernels().name);
  for (const numeric::Kernels* kernels : numeric::available_kernels()) {
    ASSERT_TRUE(numeric::force_kernels(kernels->name));
    for (const char* threads : {"1", "2", "7"}) {
      setenv("PROVENANCEKIT_THREADS", threads, 1);
      EXPECT_EQ(fingerprint(kModel), original_) << kernels->name << ", " << threads << " threads";
    }
  }
  unsetenv("PROVENANCEKIT_THREADS");
  numeric::force_kernels(best);
}

TEST_F(FingerprintLaw, OneWeightMatters) {
  // The last bit of the last element of the smallest tensor.
  NamedTensor& tensor =
      *std::ranges::min_element(tensors_, {}, [](const NamedTensor& t) { return t.values.size(); });
  tensor.values.back() = std::nextafter(tensor.values.back(), 1e9f);
  EXPECT_NE(stored_as(file_of(tensors_, Float::f32)), original_);
}

TEST_F(FingerprintLaw, ANameMatters) {
  tensors_.front().name += "2";
  EXPECT_NE(stored_as(file_of(tensors_, Float::bf16)), original_);
}

TEST_F(FingerprintLaw, AStoredFingerprintComesBack) {
  const auto decoded = signals::decode_fingerprint(original_, "qwen-a.fp");
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_EQ(signals::encode(*decoded), original_);
  EXPECT_GT(decoded->weights.tensors.size(), 30u);
}

// Also run on its own with the variables set: see CMakeLists.txt.
TEST(Environment, ChoosesKernelsAndThreads) {
  const char* wanted = std::getenv("PROVENANCEKIT_FORCE_KERNEL");
  const auto& sets = numeric::available_kernels();
  const auto named = std::ranges::find_if(
      sets, [&](const auto* set) { return wanted != nullptr && set->name == wanted; });
  EXPECT_EQ(&numeric::kernels(), named != sets.end() ? *named : sets.front());
  if (const char* threads = std::getenv("PROVENANCEKIT_THREADS")) {
    EXPECT_EQ(base::worker_count(), std::stoul(threads));
  }
}

}  // namespace
}  // namespace prov
