#include "source/checkpoint_key.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_folder.hpp"

namespace prov::source {
namespace {

namespace fs = std::filesystem;

class CheckpointKeyTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("model/model.safetensors", std::string(3'000'000, 'w'));
    folder_.write("model/config.json", "{}");
  }
  fs::path model() const { return folder_.path() / "model"; }
  static std::string key(const fs::path& path) {
    const auto found = checkpoint_key(*locate(path.string()));
    return found ? *found : found.error().to_string();
  }
  tests::TempFolder folder_;
};

TEST_F(CheckpointKeyTest, StaysWhileNothingChanges) {
  const std::string first = key(model());
  EXPECT_EQ(first.size(), 64U);
  EXPECT_EQ(key(model()), first);
  fs::rename(model(), folder_.path() / "moved");
  EXPECT_EQ(key(folder_.path() / "moved"), first);
}

TEST_F(CheckpointKeyTest, ChangesWithEveryFile) {
  const std::string first = key(model());
  folder_.write("model/config.json", "[]");
  const std::string second = key(model());
  EXPECT_NE(second, first);
  folder_.write("model/tokenizer.json", "{}");
  const std::string third = key(model());
  EXPECT_NE(third, second);
  fs::rename(model() / "tokenizer.json", model() / "tokeniser.json");
  EXPECT_NE(key(model()), third);
  EXPECT_NE(key(model() / "model.safetensors"), key(model()));
}

// One byte between the blocks, size and time of change set back: what a forger would do.
TEST_F(CheckpointKeyTest, AHiddenChangeIsNoticed) {
  const std::string first = key(model());
  const fs::path weights = model() / "model.safetensors";
  struct stat before{};
  ASSERT_EQ(stat(weights.c_str(), &before), 0);
  const int file = open(weights.c_str(), O_WRONLY);
  ASSERT_EQ(pwrite(file, "x", 1, 80'000), 1);
  const timespec times[2] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(futimens(file, times), 0);
  close(file);
  EXPECT_NE(key(model()), first);
}

TEST_F(CheckpointKeyTest, BesideASingleFileOnlyWhatBelongsToItCounts) {
  folder_.write("model/kept.fp", "f");
  const fs::path weights = model() / "model.safetensors", fingerprint = model() / "kept.fp";
  const std::string of_weights = key(weights), of_fingerprint = key(fingerprint);
  folder_.write("model/notes", "x");
  folder_.write("model/photo.png", "x");
  EXPECT_EQ(key(weights), of_weights);
  folder_.write("model/tokenizer.model", "x");
  EXPECT_NE(key(weights), of_weights);
  EXPECT_EQ(key(fingerprint), of_fingerprint);
  folder_.write("model/kept.fp", "g");
  EXPECT_NE(key(fingerprint), of_fingerprint);
}

TEST_F(CheckpointKeyTest, AMissingFileIsAnError) {
  folder_.link("model/other.safetensors", "nowhere");
  const Result<std::string> found = checkpoint_key(*locate(model().string()));
  EXPECT_FALSE(found);
}

}  // namespace
}  // namespace prov::source
