#include "cli/output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>

namespace prov::cli {
namespace {

namespace fs = std::filesystem;

class WriteFile : public testing::Test {
 protected:
  WriteFile()
      : folder_(fs::path(testing::TempDir()) / ("output_test_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~WriteFile() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }
  static std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static unsigned mode(const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

TEST_F(WriteFile, MakesAndReplacesAndLeavesNothingBeside) {
  const fs::path path = folder_ / "report.json";
  ASSERT_TRUE(write_file(path, "one").has_value());
  ASSERT_TRUE(write_file(path, "two").has_value());
  EXPECT_EQ(read(path), "two");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(WriteFile, FollowsTheUmaskAndKeepsTheModeOfAnExistingFile) {
  const mode_t old = umask(027);
  ASSERT_TRUE(write_file(folder_ / "new", "x").has_value());
  EXPECT_EQ(mode(folder_ / "new"), 0640u);
  ASSERT_EQ(chmod((folder_ / "new").c_str(), 0604), 0);
  ASSERT_TRUE(write_file(folder_ / "new", "y").has_value());
  EXPECT_EQ(mode(folder_ / "new"), 0604u);
  umask(old);
}

TEST_F(WriteFile, FollowsALink) {
  ASSERT_TRUE(write_file(folder_ / "target", "old").has_value());
  fs::create_symlink("target", folder_ / "link");
  ASSERT_TRUE(write_file(folder_ / "link", "new").has_value());
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read(folder_ / "target"), "new");
}

TEST_F(WriteFile, WritesIntoAPipeDirectly) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::string received;
  std::thread reader([&] { received = read(pipe); });
  const Result<void> written = write_file(pipe, "through");
  reader.join();
  EXPECT_TRUE(written.has_value());
  EXPECT_EQ(received, "through");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(WriteFile, ReportsAFullDisk) {
  const Result<void> written = write_file("/dev/full", "x");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, ErrorCode::io);
  EXPECT_THAT(written.error().to_string(),
              testing::HasSubstr("/dev/full: cannot write: No space left on device"));
}

TEST_F(WriteFile, ReportsAFolderInPlaceOfAFileAndAMissingFolder) {
  fs::create_directory(folder_ / "folder");
  EXPECT_FALSE(write_file(folder_ / "folder", "x").has_value());
  EXPECT_FALSE(write_file(folder_ / "missing/file", "x").has_value());
  EXPECT_FALSE(check_folder(folder_ / "missing/file").has_value());
  EXPECT_TRUE(check_folder(folder_ / "file").has_value());
  EXPECT_TRUE(check_folder("file").has_value());
}

}  // namespace
}  // namespace prov::cli
