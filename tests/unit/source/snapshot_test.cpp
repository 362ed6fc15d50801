#include "source/snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace prov::source {
namespace {

TEST(Snapshot, ListsFilesAndLinksButNotFolders) {
  tests::TempFolder folder;
  folder.write("model.safetensors", "x");
  folder.write("folder/inner.json", "x");
  folder.link("config.json", "model.safetensors");
  folder.link("dangling", "nowhere");
  folder.link("linked-folder", "folder");
  const Snapshot snapshot{.reference = {}, .directory = folder.path(), .weight_file = {}};
  EXPECT_THAT(snapshot.list(),
              testing::ElementsAre("config.json", "dangling", "model.safetensors"));
  EXPECT_TRUE(snapshot.contains("config.json"));
  EXPECT_TRUE(snapshot.contains("dangling"));
  EXPECT_FALSE(snapshot.contains("folder"));
  EXPECT_FALSE(snapshot.contains("linked-folder"));
  EXPECT_FALSE(snapshot.contains("absent"));
  EXPECT_FALSE(snapshot.contains("folder/inner.json"));
}

TEST(Snapshot, OpensPlainFileNamesOnly) {
  tests::TempFolder folder;
  folder.write("secret", "x");
  folder.write("model/weights", "abc");
  const Snapshot snapshot{.reference = {}, .directory = folder.path() / "model", .weight_file = {}};
  const auto file = snapshot.open("weights");
  ASSERT_TRUE(file) << file.error().to_string();
  EXPECT_EQ((*file)->size(), 3u);
  for (const std::string& name :
       {std::string("../secret"), (folder.path() / "secret").string(), std::string("..")}) {
    const auto refused = snapshot.open(name);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsafe_path);
    EXPECT_EQ(refused.error().field, name);
  }
}

}  // namespace
}  // namespace prov::source
