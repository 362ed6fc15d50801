#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "source/snapshot.hpp"
#include "support/temp_folder.hpp"

namespace prov::source {
namespace {

using tests::TempFolder;

TEST(Locate, FindsADirectoryAndTrimsTheText) {
  TempFolder folder;
  const auto found = locate("  " + folder.string() + "\n");
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_EQ(found->reference, folder.string());
  EXPECT_EQ(found->directory, folder.path());
  EXPECT_EQ(found->weight_file, "");
}

TEST(Locate, FindsASingleFileAndItsFolder) {
  TempFolder folder;
  const auto file = folder.write("model.safetensors", "x");
  const auto found = locate(file.string());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->directory, folder.path());
  EXPECT_EQ(found->weight_file, "model.safetensors");
}

TEST(Locate, FindsAFileOfTheCurrentFolder) {
  TempFolder folder;
  folder.write("model.safetensors", "x");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const auto found = locate("model.safetensors");
  std::filesystem::current_path(before);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->directory, ".");
  EXPECT_EQ(found->weight_file, "model.safetensors");
}

TEST(Locate, ExpandsTheHomeFolder) {
  TempFolder folder;
  folder.write("models/a/config.json", "{}");
  const std::string home = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
  ::setenv("HOME", folder.string().c_str(), 1);
  const auto found = locate("~/models/a");
  const auto bare = locate("~");
  ::setenv("HOME", home.c_str(), 1);
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_TRUE(found->contains("config.json"));
  ASSERT_TRUE(bare);
  EXPECT_TRUE(std::filesystem::equivalent(bare->directory, folder.path()));
}

/// models--org--name with the blob of one file and the given snapshots.
void write_hub_cache(const TempFolder& folder, std::initializer_list<std::string> commits) {
  folder.write("models--org--name/blobs/0123", "weights");
  for (const std::string& commit : commits) {
    folder.link("models--org--name/snapshots/" + commit + "/model.safetensors", "../../blobs/0123");
  }
}

TEST(Locate, TakesTheCommitOfMainInAHubCache) {
  TempFolder folder;
  write_hub_cache(folder, {"aaaa", "bbbb"});
  folder.write("models--org--name/refs/main", "bbbb\n");
  for (std::string_view ending : {"", "/"}) {
    const auto found = locate((folder.path() / "models--org--name").string() + std::string(ending));
    ASSERT_TRUE(found) << found.error().to_string();
    EXPECT_EQ(found->directory.filename(), "bbbb");
    const auto file = found->open("model.safetensors");
    ASSERT_TRUE(file) << file.error().to_string();
    EXPECT_EQ((*file)->size(), 7u);
  }
}

TEST(Locate, TakesTheOnlySnapshotWithoutMainAndRefusesToChoose) {
  TempFolder one, two, none;
  write_hub_cache(one, {"aaaa"});
  EXPECT_EQ(locate((one.path() / "models--org--name").string())->directory.filename(), "aaaa");
  write_hub_cache(two, {"aaaa", "bbbb"});
  two.write("models--org--name/refs/main", "../../..");
  const auto ambiguous = locate((two.path() / "models--org--name").string());
  ASSERT_FALSE(ambiguous);
  EXPECT_EQ(ambiguous.error().code, ErrorCode::not_found);
  EXPECT_THAT(ambiguous.error().hint, testing::HasSubstr("snapshots/"));
  std::filesystem::create_directories(none.path() / "models--org--name" / "snapshots");
  EXPECT_EQ(locate((none.path() / "models--org--name").string()).error().hint,
            "incomplete download?");
}

TEST(Locate, TakesASnapshotFolderAndAFileInItAsTheyAre) {
  TempFolder folder;
  write_hub_cache(folder, {"aaaa", "bbbb"});
  const auto snapshot = folder.path() / "models--org--name" / "snapshots" / "aaaa";
  EXPECT_EQ(locate(snapshot.string())->directory, snapshot);
  const auto file = locate((snapshot / "model.safetensors").string());
  ASSERT_TRUE(file);
  EXPECT_EQ(file->directory, snapshot);  // not the folder of the blob: config.json lies here
}

// The tests run with HF_HUB_OFFLINE: what the network is asked is tested beside a server.
TEST(Locate, OfflineATextThatNamesNothingHereIsNotFound) {
  const auto message_of = [](std::string_view text) {
    const auto refused = locate(text);
    EXPECT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::not_found) << text;
    return refused.error().message;
  };
  const std::string uncached = "not in the Hub's cache on this machine";
  EXPECT_EQ(message_of("no-such-org/no-such-name"),
            "no such file or folder; as a model of the Hub: " + uncached);
  EXPECT_EQ(message_of("hf:no-such-org/no-such-name"), uncached);
  EXPECT_EQ(message_of("https://huggingface.co/no-such-org/no-such-name"), uncached);
  EXPECT_EQ(message_of("https://example.org/x"), "an address of the web, and offline");
  EXPECT_EQ(message_of("./no-such/folder"), "no such file or folder");
  EXPECT_EQ(message_of("/no/such/folder"), "no such file or folder");
  for (const char* address : {"s3://bucket/model", "ftp://host/model", "file:///tmp/model"})
    EXPECT_EQ(locate(address).error().code, ErrorCode::unsupported) << address;
  EXPECT_EQ(locate("hf:../../etc").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(locate(" \t").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(locate(std::string_view("a\0b", 3)).error().code, ErrorCode::invalid_argument);
}

TEST(Locate, TellsADanglingLinkFromNothing) {
  TempFolder folder;
  const auto link = folder.link("model.safetensors", "blobs/0123");
  EXPECT_EQ(locate(link.string()).error().hint, "blob missing, incomplete download?");
}

}  // namespace
}  // namespace prov::source
