// Packed weights as GPTQModel, AutoAWQ, HQQ, compressed-tensors, transformers and bitsandbytes
// write and unpack them.
#include "peers/expected_tensors.hpp"

namespace prov::peers {
namespace {

TEST(PeersPacked, EveryWeightIsWhatItsPackageUnpacks) {
  const auto folders = expected_tensors("packed");
  EXPECT_GE(folders.size(), 35u);
  for (const auto& [folder, expected] : folders) {
    SCOPED_TRACE(folder);
    const model::Checkpoint checkpoint = opened(kPeers / "packed" / folder);
    EXPECT_EQ(checkpoint.unread, "");
    expect_equal(checkpoint, expected);
  }
}

}  // namespace
}  // namespace prov::peers
