// GGUF files of both byte orders, as the gguf package writes them and turns them around.
#include "peers/expected_tensors.hpp"
#include "provenancekit/fingerprint.hpp"

namespace prov::peers {
namespace {

std::string file_in(const std::string& folder) {
  return (kPeers / "byte_order" / folder / "model.gguf").string();
}

TEST(PeersByteOrder, EveryWeightIsWhatThePackageReads) {
  const auto folders = expected_tensors("byte_order");
  EXPECT_EQ(folders.size(), 3u);
  for (const auto& [folder, expected] : folders) {
    SCOPED_TRACE(folder);
    expect_equal(opened(kPeers / "byte_order" / folder), expected);
  }
}

TEST(PeersByteOrder, AFileThatWasTurnedAroundHasTheSameFingerprint) {
  const auto little = fingerprint_model(file_in("little-endian"));
  const auto big = fingerprint_model(file_in("big-endian"));
  ASSERT_TRUE(little) << little.error().to_string();
  ASSERT_TRUE(big) << big.error().to_string();
  EXPECT_GT(little->words, 0u);
  EXPECT_EQ(little->file, big->file);
}

}  // namespace
}  // namespace prov::peers
