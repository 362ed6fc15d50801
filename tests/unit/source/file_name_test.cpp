#include "source/file_name.hpp"

#include <gtest/gtest.h>

namespace prov::source {
namespace {

TEST(FileName, AcceptsEntriesOfAFolder) {
  for (std::string_view name :
       {"model.safetensors", "a..b", ".hidden", "...", "x y", "\xe6\xa8\xa1"}) {
    EXPECT_TRUE(is_plain_file_name(name)) << name;
  }
}

TEST(FileName, RefusesWhatLeavesTheFolderOnAnySystem) {
  using namespace std::string_view_literals;
  for (std::string_view name : {""sv, "."sv, ".."sv, "/etc/passwd"sv, "../model.safetensors"sv,
                                "a/b"sv, "a\\b"sv, "C:model"sv, "a\0b"sv}) {
    EXPECT_FALSE(is_plain_file_name(name)) << name;
  }
}

}  // namespace
}  // namespace prov::source
