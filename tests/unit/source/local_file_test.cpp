#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "source/byte_source.hpp"
#include "support/checkpoint_builder.hpp"

namespace prov::source {
namespace {

namespace fs = std::filesystem;
using tests::TempFolder;

ErrorCode code_of(const Result<std::unique_ptr<ByteSource>>& result) {
  return result ? ErrorCode::cancelled : result.error().code;
}

ErrorCode code_of(const Result<void>& result) {
  return result ? ErrorCode::cancelled : Result<void>(result).error().code;
}

TEST(LocalFile, ReadsAnyPart) {
  TempFolder folder;
  const auto path = folder.write("x", "abcdef");
  const auto file = open_local_file(path.string());
  ASSERT_TRUE(file) << file.error().to_string();
  EXPECT_EQ((*file)->size(), 6u);
  EXPECT_EQ((*file)->name(), path.string());
  std::vector<std::byte> three(3);
  ASSERT_TRUE((*file)->read(2, three));
  EXPECT_EQ(three, tests::bytes_of("cde"));
  EXPECT_EQ(code_of((*file)->read(4, three)), ErrorCode::out_of_range);
  EXPECT_EQ(code_of((*file)->read(~std::uint64_t{0}, three)), ErrorCode::out_of_range);
  EXPECT_TRUE((*file)->verify_unchanged());
}

TEST(LocalFile, ThatIsCutShortIsAnErrorAndNoCrash) {
  TempFolder folder;
  const auto path = folder.write("x", std::string(20'000, 'x'));
  const auto file = open_local_file(path.string());
  ASSERT_TRUE(file);
  fs::resize_file(path, 5'000);
  std::vector<std::byte> all(20'000);
  auto refused = (*file)->read(0, all);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::changed_while_read);
  EXPECT_EQ(refused.error().offset, 5'000u);
}

TEST(LocalFile, NoticesThatItWasWrittenToEvenIfTheTimeIsSetBack) {
  TempFolder folder;
  const auto path = folder.write("x", "abcdef");
  const auto file = open_local_file(path.string());
  ASSERT_TRUE(file);
  const auto before = fs::last_write_time(path);
  // Times of files move in ticks of some milliseconds.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::ofstream(path, std::ios::in | std::ios::binary) << "ABC";
  fs::last_write_time(path, before);
  EXPECT_EQ(code_of((*file)->verify_unchanged()), ErrorCode::changed_while_read);
}

TEST(LocalFile, NoticesThatAnotherFileTookItsPlace) {
  TempFolder folder;
  const auto path = folder.write("x", "abcdef");
  const auto file = open_local_file(path.string());
  ASSERT_TRUE(file);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  fs::rename(folder.write("y", "ABCDEF"), path);
  EXPECT_EQ(code_of((*file)->verify_unchanged()), ErrorCode::changed_while_read);
}

TEST(LocalFile, NoticesThatItGrew) {
  TempFolder folder;
  const auto path = folder.write("x", "abcdef");
  const auto file = open_local_file(path.string());
  ASSERT_TRUE(file);
  fs::resize_file(path, 7);
  EXPECT_EQ(code_of((*file)->verify_unchanged()), ErrorCode::changed_while_read);
}

TEST(LocalFile, MustBeARegularFileThatExists) {
  TempFolder folder;
  EXPECT_EQ(code_of(open_local_file(folder.string())), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(open_local_file((folder.path() / "absent").string())), ErrorCode::not_found);
  const auto file = folder.write("x", "abc");
  EXPECT_EQ(code_of(open_local_file((file / "below").string())), ErrorCode::not_found);
  EXPECT_EQ(code_of(open_local_file(std::string("a\0b", 3))), ErrorCode::invalid_argument);
}

TEST(LocalFile, DoesNotWaitForTheWriterOfAPipe) {
  TempFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(code_of(open_local_file(pipe)), ErrorCode::invalid_argument);
}

TEST(LocalFile, SaysThatTheTargetOfALinkIsMissing) {
  TempFolder folder;
  const auto link = folder.link("x", "../../blobs/abc");
  const auto refused = open_local_file(link.string());
  ASSERT_EQ(code_of(refused), ErrorCode::not_found);
  EXPECT_EQ(refused.error().hint, "blob missing, incomplete download?");
}

}  // namespace
}  // namespace prov::source
