// Adapters that PEFT wrote, merged here and by its merge_and_unload.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <iterator>

#include "model/adapter/merge_adapter.hpp"
#include "peers/expected_tensors.hpp"
#include "provenancekit/fingerprint.hpp"
#include "support/checkpoint_builder.hpp"
#include "support/temp_folder.hpp"

namespace prov::peers {
namespace {

namespace fs = std::filesystem;

/// Sums over the rank in another order; values are about 0.1.
constexpr float kRounding = 1e-6F;

float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  float largest = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

void expect_merged_alike(const fs::path& base, const fs::path& adapter) {
  const auto config = model::read_adapter_config(*source::locate(adapter.string()));
  ASSERT_TRUE(config && *config);
  EXPECT_EQ((*config)->not_applied, "");
  const auto merge = model::merge_adapter(opened(base), opened(adapter), **config);
  ASSERT_TRUE(merge) << merge.error().to_string();
  EXPECT_EQ(merge->misfit, "");
  const model::Checkpoint expected = opened(adapter / "merged");
  for (const model::Tensor& tensor : expected.tensors) {
    const model::Tensor* const ours = merge->merged.find(tensor.info.name);
    ASSERT_NE(ours, nullptr) << tensor.info.name;
    EXPECT_LE(largest_difference(values_of(merge->merged, *ours), values_of(expected, tensor)),
              kRounding)
        << tensor.info.name;
  }
  EXPECT_EQ(merge->merged.tensors.size(), expected.tensors.size());
}

TEST(PeersAdapters, AreMergedAsPeftMergesThem) {
  std::ifstream pairs(kPeers / "adapters/adapters.tsv");
  std::string adapter, base;
  std::size_t count = 0;
  for (; pairs >> adapter >> base; ++count) {
    SCOPED_TRACE(adapter);
    expect_merged_alike(kPeers / "adapters" / base, kPeers / "adapters" / adapter);
  }
  EXPECT_GE(count, 12u);
}

/// A Hub cache with the base "org/llama", for this process.
class HubCache {
 public:
  HubCache() {
    const std::string commit(40, 'a');
    const fs::path snapshots = folder_.path() / "models--org--llama/snapshots";
    fs::create_directories(snapshots);
    fs::copy(kPeers / "adapters/llama", snapshots / commit);
    folder_.write("models--org--llama/refs/main", commit);
    setenv("HF_HUB_CACHE", folder_.string().c_str(), 1);
  }
  ~HubCache() { unsetenv("HF_HUB_CACHE"); }

 private:
  tests::TempFolder folder_;
};

/// What merge_adapter makes of base and adapter, written plainly.
void write_merged(const tests::TempFolder& folder, const fs::path& base, const fs::path& adapter) {
  const auto config = model::read_adapter_config(*source::locate(adapter.string()));
  const auto merge = model::merge_adapter(opened(base), opened(adapter), **config);
  tests::Safetensors file;
  for (const model::Tensor& tensor : merge->merged.tensors)
    file.f32(tensor.info.name, tensor.info.shape, values_of(merge->merged, tensor));
  folder.write("model.safetensors", file.bytes());
  fs::copy(base / "config.json", folder.path() / "config.json");
}

TEST(PeersAdapters, AFingerprintIsThatOfTheMergedModelWhereTheBaseIsAtHand) {
  const fs::path base = kPeers / "adapters/llama", adapter = kPeers / "adapters/lora-bin";
  const tests::TempFolder folder;
  write_merged(folder, base, adapter);
  const auto plain = fingerprint_model(folder.string());
  const HubCache cache;
  const auto merged = fingerprint_model(adapter.string());
  ASSERT_TRUE(plain && merged) << merged.error().to_string();
  EXPECT_EQ(merged->file, plain->file);
}

TEST(PeersAdapters, WithoutTheBaseThereIsNoFingerprint) {
  const fs::path adapter = kPeers / "adapters/lora";
  setenv("HF_HUB_CACHE", "nowhere", 1);
  const auto alone = fingerprint_model(adapter.string());
  unsetenv("HF_HUB_CACHE");
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, ErrorCode::not_found);
  EXPECT_THAT(alone.error().to_string(), testing::HasSubstr("\"org/llama\", which is not in"));
}

TEST(PeersAdapters, OfAnotherBaseThereIsNoFingerprint) {
  const HubCache cache;  // its org/llama is not what this adapter was made for
  const tests::TempFolder folder;
  fs::copy(kPeers / "adapters/transposed", folder.path(), fs::copy_options::recursive);
  std::ifstream file(folder.path() / "adapter_config.json");
  std::string text(std::istreambuf_iterator<char>(file), {});
  text.replace(text.find("org/gpt2"), 8, "org/llama");
  folder.write("adapter_config.json", text);
  const auto other = fingerprint_model(folder.string());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::size_mismatch);
}

}  // namespace
}  // namespace prov::peers
