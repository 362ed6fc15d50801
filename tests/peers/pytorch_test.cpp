// Files of torch.save: both containers, views, tied names, shards, training states.
#include "peers/expected_tensors.hpp"

namespace prov::peers {
namespace {

TEST(PeersPytorch, EveryTensorIsWhatTorchLoads) {
  const auto folders = expected_tensors("pytorch");
  EXPECT_GE(folders.size(), 9u);
  for (const auto& [folder, expected] : folders) {
    SCOPED_TRACE(folder);
    expect_equal(opened(kPeers / "pytorch" / folder), expected);
  }
}

}  // namespace
}  // namespace prov::peers
