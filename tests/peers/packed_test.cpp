// Packed weights as GPTQModel, AutoAWQ, HQQ, compressed-tensors, transformers, bitsandbytes, MLX
// and others write and unpack them.
#include "peers/expected_tensors.hpp"

namespace prov::peers {
namespace {

void expect_what_packages_unpack(const std::string& set, std::size_t fewest) {
  const auto folders = expected_tensors(set);
  EXPECT_GE(folders.size(), fewest);
  for (const auto& [folder, expected] : folders) {
    SCOPED_TRACE(folder);
    const model::Checkpoint checkpoint = opened(kPeers / set / folder);
    EXPECT_EQ(checkpoint.unread, "");
    expect_equal(checkpoint, expected);
  }
}

TEST(PeersPacked, EveryWeightIsWhatItsPackageUnpacks) { expect_what_packages_unpack("packed", 35); }

TEST(PeersPacked, EveryWeightIsWhatMlxDequantises) {
  expect_what_packages_unpack("packed_mlx", 12);
}

TEST(PeersPacked, EveryWeightIsWhatModelOptDequantises) {
  expect_what_packages_unpack("packed_modelopt", 5);
}

TEST(PeersPacked, RowsThatFbgemmQuantisedAreCodesTimesScales) {
  expect_what_packages_unpack("packed_fbgemm", 1);
}

}  // namespace
}  // namespace prov::peers
