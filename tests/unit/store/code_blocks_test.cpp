#include "store/code_blocks.hpp"

#include <gtest/gtest.h>

#include <map>

#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

using Codes = std::map<std::int64_t, std::vector<std::byte>>;

class CodeBlocksTest : public testing::Test {
 protected:
  const Database& database() const { return store_.database(); }
  void append(std::int64_t first, std::int64_t last, std::size_t size) {
    std::vector<KeyAndCode> codes;
    for (std::int64_t key = first; key <= last; ++key) {
      codes.emplace_back(key, std::vector<std::byte>(size, static_cast<std::byte>(key)));
      expected_[key] = codes.back().second;
    }
    ASSERT_TRUE(append_codes(database(), codes).has_value());
  }
  Codes seen(std::int64_t first, std::int64_t last) const {
    Codes codes;
    std::int64_t before = INT64_MIN;
    EXPECT_TRUE(visit_codes(database(), first, last, [&](std::int64_t key, const auto& code) {
                  EXPECT_LT(before, key);
                  codes[before = key].assign(code.begin(), code.end());
                }).has_value());
    return codes;
  }

  tests::TempFolder folder_;
  Store store_ = test::open_store(folder_.path() / "models.db");
  Codes expected_;
};

TEST_F(CodeBlocksTest, GiveBackWhatWasAppendedInWhateverPortions) {
  append(1, 1, 2048);
  append(2, 200, 2048);
  append(201, 203, 16);  // of another version
  append(205, 300, 2048);
  EXPECT_EQ(seen(1, 1000), expected_);
  EXPECT_EQ(seen(0, 0), Codes());
  EXPECT_EQ(seen(204, 204), Codes());
  Codes some = expected_;
  std::erase_if(some, [](const auto& code) { return code.first < 40 || code.first > 202; });
  EXPECT_EQ(seen(40, 202), some);
  for (const auto& [key, code] : expected_) EXPECT_EQ(read_code(database(), key).value(), code);
  EXPECT_TRUE(read_code(database(), 204).value().empty());
  // Side by side: some thirty codes a block of 64 KiB.
  EXPECT_LE(*database().number("SELECT count(*) FROM code"), 12);
}

TEST_F(CodeBlocksTest, LoseOnlyWhatIsRemoved) {
  append(1, 100, 64);
  for (const std::int64_t key : {1, 2, 50, 100, 7}) {
    ASSERT_TRUE(remove_code(database(), key).has_value());
    expected_.erase(key);
    EXPECT_EQ(seen(1, 100), expected_);
  }
  EXPECT_TRUE(remove_code(database(), 50).has_value()) << "it is not there";
  EXPECT_EQ(seen(1, 100), expected_);
}

TEST_F(CodeBlocksTest, DamageIsAnErrorAndCanBeRemoved) {
  for (const char* bytes :
       {"x''", "x'01'", "x'40000000'", "x'4000000001'", "zeroblob(4 + 3 * 8)"}) {
    append(1, 3, 64);
    ASSERT_TRUE(database().run(std::string("UPDATE code SET codes = ") + bytes).has_value());
    EXPECT_EQ(visit_codes(database(), 1, 3, [](auto, auto) {}).error().code, ErrorCode::malformed)
        << bytes;
    EXPECT_EQ(read_code(database(), 2).error().code, ErrorCode::malformed) << bytes;
    ASSERT_TRUE(remove_code(database(), 2).has_value());
    EXPECT_EQ(seen(1, 3), Codes());
  }
}

}  // namespace
}  // namespace prov::store
