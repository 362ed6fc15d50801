#include "source/http/git_blob.hpp"

#include <gtest/gtest.h>

#include "base/sha256.hpp"

namespace prov::source {
namespace {

// `printf 'hello\n' | git hash-object --stdin`, and the same of nothing.
TEST(GitBlob, IsTheNameThatGitGives) {
  EXPECT_EQ(git_blob_id(base::as_byte_span("hello\n")), "ce013625030ba8dba906f756967f9e9ca394464a");
  EXPECT_EQ(git_blob_id({}), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

}  // namespace
}  // namespace prov::source
