#include "store/cache.hpp"

#include <gtest/gtest.h>

#include "support/without_privileges.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

std::vector<std::byte> bytes(char fill, std::size_t size) {
  return std::vector<std::byte>(size, static_cast<std::byte>(fill));
}

class CacheTest : public testing::Test {
 protected:
  Cache open(std::uint64_t limit = kCacheLimit) const {
    return *Cache::open(folder_.path(), limit);
  }
  fs::path file() const { return folder_.path() / kCacheFile; }
  tests::TempFolder folder_;
};

TEST_F(CacheTest, KeepsByKeyAndKind) {
  ASSERT_TRUE(open().put("key", "fingerprint-1", bytes('a', 10)));
  Cache cache = open();
  EXPECT_EQ(**cache.find("key", "fingerprint-1"), bytes('a', 10));
  EXPECT_FALSE(cache.find("key", "fingerprint-2")->has_value());
  EXPECT_FALSE(cache.find("other", "fingerprint-1")->has_value());
  ASSERT_TRUE(cache.put("key", "fingerprint-1", bytes('b', 0)));
  EXPECT_THAT(**cache.find("key", "fingerprint-1"), IsEmpty());
  EXPECT_EQ(cache.info()->entries, 1U);
}

TEST_F(CacheTest, AFolderThatCannotBeWrittenIsRead) {
  ASSERT_TRUE(open().put("key", "kind", bytes('a', 10)));
  fs::permissions(file(), fs::perms(0444));
  fs::permissions(folder_.path(), fs::perms(0555));
  {
    const tests::WithoutPrivileges nobody;
    Cache cache = open();
    EXPECT_EQ(**cache.find("key", "kind"), bytes('a', 10));
    EXPECT_FALSE(cache.put("other", "kind", bytes('b', 10)));
    EXPECT_FALSE(cache.find("other", "kind")->has_value());
    EXPECT_EQ(cache.info()->entries, 1U);
  }
  fs::permissions(folder_.path(), fs::perms(0755));
}

TEST_F(CacheTest, AnEmptyFolderThatCannotBeWrittenIsAnError) {
  fs::permissions(folder_.path(), fs::perms(0555));
  {
    const tests::WithoutPrivileges nobody;
    const Result<Cache> cache = Cache::open(folder_.path(), 1000);
    ASSERT_FALSE(cache);
    EXPECT_EQ(cache.error().code, ErrorCode::io);
  }
  fs::permissions(folder_.path(), fs::perms(0755));
}

TEST_F(CacheTest, WhatWasUsedLongestAgoMakesRoom) {
  Cache cache = open(1000);
  for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(cache.put(key, "k", bytes('x', 300)));
  ASSERT_TRUE(cache.find("a", "k")->has_value());
  ASSERT_TRUE(cache.put("d", "k", bytes('x', 300)));
  EXPECT_TRUE(cache.find("a", "k")->has_value());
  EXPECT_FALSE(cache.find("b", "k")->has_value());
  EXPECT_EQ(cache.info()->bytes, 900U);
  ASSERT_TRUE(cache.put("e", "k", bytes('x', 1001)));  // more than all: not kept, nothing lost
  EXPECT_EQ(cache.info()->entries, 3U);
  EXPECT_EQ(*cache.prune(600), 1U);
  EXPECT_EQ(*cache.clear(), 2U);
  EXPECT_EQ(cache.info()->bytes, 0U);
}

TEST_F(CacheTest, AModelThatIsAskedForAgainCostsNoWriting) {
  for (const char* kind : {"signals", "fingerprint"})
    ASSERT_TRUE(open().put("key", kind, bytes('a', 10)));
  const auto ask = [&] {
    for (const char* kind : {"signals", "fingerprint"})
      ASSERT_TRUE(open().find("key", kind)->has_value());
  };
  ask();
  const auto written = [&] {
    return *(*Database::open(file(), Mode::read))->number("SELECT max(used) FROM cache");
  };
  const std::int64_t before = written();
  ask();
  EXPECT_EQ(written(), before);
  ASSERT_TRUE(open().put("other", "signals", bytes('b', 10)));
  ask();
  EXPECT_GT(written(), before + 1) << "used after the other one";
}

TEST_F(CacheTest, TheFileStaysWithinItsBound) {
  Cache cache = open(400'000);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(cache.put(std::to_string(i), "k", bytes('x', 50'000)));
  EXPECT_EQ(cache.info()->entries, 8U);
  EXPECT_LT(fs::file_size(file()), 1'000'000U);
  ASSERT_TRUE(cache.clear());
  EXPECT_LT(fs::file_size(file()), 100'000U);
}

TEST_F(CacheTest, DamageIsAsGoodAsNothing) {
  {
    Cache cache = open();
    ASSERT_TRUE(cache.put("key", "k", bytes('a', 10)));
    ASSERT_TRUE(cache.put("other", "k", bytes('b', 10)));
    const Store store = test::open_store(file());
    ASSERT_TRUE(store.database().run("UPDATE cache SET bytes = zeroblob(size) WHERE key = 'key'"));
    EXPECT_FALSE(cache.find("key", "k")->has_value());
    EXPECT_EQ(cache.info()->entries, 1U);
    EXPECT_TRUE(cache.find("other", "k")->has_value());
  }
  for (const std::string& text : {std::string(), std::string(9000, 'x')}) {
    folder_.write(kCacheFile, text);
    Cache cache = open();
    EXPECT_EQ(cache.info()->entries, 0U);
    ASSERT_TRUE(cache.put("key", "k", bytes('a', 10)));
  }
}

TEST_F(CacheTest, ACacheFromTheFutureIsLeftAlone) {
  open();
  ASSERT_TRUE(test::open_store(file()).database().run("PRAGMA user_version = 99"));
  EXPECT_EQ(Cache::open(folder_.path()).error().code, ErrorCode::unsupported);
  EXPECT_TRUE(fs::exists(file()));
}

}  // namespace
}  // namespace prov::store
