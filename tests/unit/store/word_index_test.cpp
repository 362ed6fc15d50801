#include "store/word_index.hpp"

#include <gtest/gtest.h>

#include <set>

#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

using test::indexed;

class WordIndexTest : public testing::Test {
 protected:
  const Database& database() const { return store_.database(); }
  std::vector<Posting> random_postings(std::size_t count) {
    std::set<Posting> postings;
    while (postings.size() < count)  // few buckets: lists of many lengths
      postings.insert(
          {random_() % 40 * (random_() % 40), static_cast<std::int64_t>(random_() % 500) + 1});
    return {postings.begin(), postings.end()};
  }

  tests::TempFolder folder_;
  Store store_ = test::open_store(folder_.path() / "models.db");
  std::mt19937_64 random_{11};
};

TEST_F(WordIndexTest, IsTheSetOfWhatWasInsertedAndNotRemoved) {
  std::set<Posting> expected;
  for (int round = 0; round < 30; ++round) {
    const std::vector<Posting> added = random_postings(round % 3 == 0 ? 1 : 700);
    ASSERT_TRUE(change_postings(database(), added, PostingChange::insert));
    expected.insert(added.begin(), added.end());
    const std::vector<Posting> removed = random_postings(round % 4 == 0 ? 900 : 5);
    ASSERT_TRUE(change_postings(database(), removed, PostingChange::remove));
    for (const Posting& posting : removed) expected.erase(posting);
    ASSERT_EQ(indexed(store_), std::vector<Posting>(expected.begin(), expected.end())) << round;
  }
  PostingLookup lookup = *PostingLookup::open(database());
  for (const Posting& posting : random_postings(500))
    EXPECT_EQ(*lookup.contains(posting), expected.contains(posting));
  ASSERT_TRUE(remove_model(database(), 77));
  std::erase_if(expected, [](const Posting& posting) { return posting.model == 77; });
  EXPECT_EQ(indexed(store_), std::vector<Posting>(expected.begin(), expected.end()));
}

TEST_F(WordIndexTest, ReadsListsThatReachOverManyBlocks) {
  const std::uint64_t word = 99, bucket = bucket_of(word);
  std::vector<Posting> postings = {{bucket - 1, 3}};
  for (std::int64_t model = 1; model <= 5000; ++model) postings.push_back({bucket, 100 * model});
  postings.push_back({bucket + 1, 8});
  ASSERT_TRUE(change_postings(database(), postings, PostingChange::insert));
  WordLists lists = *WordLists::open(store_);
  std::vector<std::int64_t> models;
  EXPECT_TRUE(*lists.read(word, 5000, models));
  ASSERT_EQ(models.size(), 5000U);
  EXPECT_EQ(models.front(), 100);
  EXPECT_EQ(models.back(), 500'000);
  EXPECT_TRUE(std::ranges::is_sorted(models));
  for (const std::uint64_t longest : {0U, 1U, 500U, 4999U}) {
    EXPECT_FALSE(*lists.read(word, longest, models));
    EXPECT_EQ(models.size(), longest + 1);
  }
}

TEST_F(WordIndexTest, DamageIsAnError) {
  ASSERT_TRUE(change_postings(database(), random_postings(2000), PostingChange::insert));
  ASSERT_TRUE(database().run("UPDATE word SET rest = x'80'").has_value());
  PostingLookup lookup = *PostingLookup::open(database());
  EXPECT_EQ(lookup.contains({1000, 1}).error().code, ErrorCode::malformed);
  const std::vector<Posting> more = random_postings(10);
  EXPECT_EQ(change_postings(database(), more, PostingChange::insert).error().code,
            ErrorCode::malformed);
  ASSERT_TRUE(rebuild_word_index(database(), DamagedWords::refuse));
  EXPECT_TRUE(indexed(store_).empty()) << "no record has words";
}

}  // namespace
}  // namespace prov::store
