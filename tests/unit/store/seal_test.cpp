#include "store/seal.hpp"

#include <gtest/gtest.h>

#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

using test::open_store;
using test::sample_record;

std::vector<std::byte> key(char fill) {
  return std::vector<std::byte>(32, static_cast<std::byte>(fill));
}

class SealTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(add(store_, sample_record(1)));
    ASSERT_TRUE(add(store_, sample_record(2)));
  }
  tests::TempFolder folder_;
  Store store_ = open_store(folder_.path() / "models.db");
};

TEST_F(SealTest, SaysWhatItKnows) {
  EXPECT_EQ(*check_seal(store_, {}), SealState::none);
  ASSERT_TRUE(seal(store_, {}));
  EXPECT_EQ(*check_seal(store_, {}), SealState::unsigned_);
  ASSERT_TRUE(seal(store_, key('a')));
  EXPECT_EQ(*check_seal(store_, {}), SealState::unchecked);
  EXPECT_EQ(*check_seal(store_, key('a')), SealState::valid);
}

TEST_F(SealTest, RefusesAnotherKeyAndNoSignature) {
  EXPECT_EQ(check_seal(store_, key('a')).error().code, ErrorCode::malformed);
  ASSERT_TRUE(seal(store_, {}));
  EXPECT_EQ(check_seal(store_, key('a')).error().code, ErrorCode::malformed);
  ASSERT_TRUE(seal(store_, key('a')));
  EXPECT_EQ(check_seal(store_, key('b')).error().code, ErrorCode::malformed);
}

TEST_F(SealTest, AChangeRemovesIt) {
  ASSERT_TRUE(seal(store_, key('a')));
  ASSERT_EQ(*add(store_, sample_record(1)), Outcome::unchanged);
  EXPECT_EQ(*check_seal(store_, key('a')), SealState::valid);
  ASSERT_TRUE(add(store_, sample_record(3)));
  EXPECT_EQ(*check_seal(store_, {}), SealState::none);
}

TEST_F(SealTest, SeesRecordsThatWereTakenAwayOrPutIn) {
  ASSERT_TRUE(seal(store_, {}));
  ASSERT_TRUE(store_.database().run("DELETE FROM model WHERE key = 1"));
  EXPECT_EQ(check_seal(store_, {}).error().code, ErrorCode::malformed);
}

TEST_F(SealTest, DoesNotDependOnTheOrderOfAdding) {
  const Store other = open_store(folder_.path() / "other.db");
  ASSERT_TRUE(add(other, sample_record(2)));
  ASSERT_TRUE(add(other, sample_record(9)));
  ASSERT_TRUE(add(other, sample_record(1)));
  EXPECT_NE(*digest_of_all(other), *digest_of_all(store_));
  ASSERT_TRUE(remove(other, "org/model-9"));
  EXPECT_EQ(*digest_of_all(other), *digest_of_all(store_));
}

TEST_F(SealTest, ReadsKeysOfASensibleLength) {
  EXPECT_EQ(read_key(folder_.write("k", std::string(16, 'k')))->size(), 16U);
  EXPECT_EQ(read_key(folder_.write("s", std::string(15, 'k'))).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(read_key(folder_.write("l", std::string(65537, 'k'))).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(read_key(folder_.path() / "none").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace prov::store
