// Adapters that PEFT wrote, merged here and by its merge_and_unload.
#include <cmath>

#include "model/adapter/merge_adapter.hpp"
#include "peers/expected_tensors.hpp"

namespace prov::peers {
namespace {

/// Sums over the rank in another order; values are about 0.1.
constexpr float kRounding = 1e-6F;

float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  float largest = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

void expect_merged_alike(const std::filesystem::path& base, const std::filesystem::path& adapter) {
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

}  // namespace
}  // namespace prov::peers
