#include "source/path_at_hand.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "source/http/transfers.hpp"
#include "support/temp_folder.hpp"

namespace prov::source {
namespace {

namespace fs = std::filesystem;
constexpr const char* kCommit = "0123456789012345678901234567890123456789";

class PathAtHand : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write(std::string("hub/models--org--name/snapshots/") + kCommit + "/config.json", "{}");
    folder_.write("hub/models--org--name/refs/main", kCommit);
    ::setenv("HF_HUB_CACHE", (folder_.path() / "hub").c_str(), 1);
    ::unsetenv("HF_HUB_OFFLINE");  // the network is at hand, and must not be asked
  }
  void TearDown() override {
    ::unsetenv("HF_HUB_CACHE");
    ::setenv("HF_HUB_OFFLINE", "1", 1);
    EXPECT_EQ(transfers().requests, 0U);
  }
  tests::TempFolder folder_;
};

TEST_F(PathAtHand, IsThatOfAFolderOrFile) {
  const fs::path file = folder_.write("model/model.safetensors", "x");
  EXPECT_EQ(path_at_hand(file.string()).value(), file);
  EXPECT_EQ(path_at_hand(file.parent_path().string()).value(), file.parent_path());
}

TEST_F(PathAtHand, IsTheSnapshotInTheCacheOfTheHub) {
  const fs::path snapshot = folder_.path() / "hub/models--org--name/snapshots" / kCommit;
  for (const char* reference :
       {"org/name", "hf:org/name", "hf:org/name@main", "https://huggingface.co/org/name"})
    EXPECT_EQ(path_at_hand(reference).value(), snapshot) << reference;
  EXPECT_EQ(path_at_hand(std::string("org/name@") + kCommit).value(), snapshot);
}

TEST_F(PathAtHand, AsksNoNetwork) {
  for (const char* reference :
       {"", "org/other", "hf:org/other", " hf:org/other ", "org/name@v2", "https://example.org/m",
        "s3://bucket/model", "http://127.0.0.1:1/model.safetensors", "~/nowhere/at/all"}) {
    const auto found = path_at_hand(reference);
    ASSERT_FALSE(found) << reference;
    EXPECT_EQ(found.error().code, ErrorCode::not_found) << reference;
  }
}

}  // namespace
}  // namespace prov::source
