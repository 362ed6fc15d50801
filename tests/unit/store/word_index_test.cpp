#include "store/word_index.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

using test::indexed;

class WordIndexTest : public testing::Test {
 protected:
  const Database& database() const { return store_.database(); }

  /// Pairs of `models` new records, in few buckets: lists of many lengths.
  std::vector<Posting> new_postings(std::int64_t models, std::size_t words = 5) {
    std::set<Posting> postings;
    for (const std::int64_t end = next_ + models; next_ < end; ++next_) {
      for (std::size_t i = 0; i < words; ++i)
        postings.insert({bucket_of(random_() % 40 * (random_() % 40)), next_});
    }
    return {postings.begin(), postings.end()};
  }
  void append(std::vector<Posting> postings) {
    ASSERT_TRUE(append_segment(database(), postings));
    expected_.insert(postings.begin(), postings.end());
  }
  /// As a search sees it, word by word.
  void expect_all_lists() {
    WordLists lists = *WordLists::open(store_);
    std::map<std::uint64_t, std::vector<std::int64_t>> models_of;
    for (const Posting& posting : expected_) models_of[posting.bucket].push_back(posting.model);
    std::vector<std::int64_t> models;
    for (std::uint64_t word = 0; word < 1600; ++word) {
      ASSERT_TRUE(*lists.read(word, expected_.size(), models));
      ASSERT_EQ(models, models_of[bucket_of(word)]) << word;
    }
  }
  std::int64_t segments() const { return *database().number("SELECT count(*) FROM segment"); }

  tests::TempFolder folder_;
  Store store_ = test::open_store(folder_.path() / "models.db");
  std::mt19937_64 random_{11};
  std::int64_t next_ = 1;
  std::set<Posting> expected_;
};

TEST_F(WordIndexTest, IsTheSetOfWhatWasAppendedAndNotRemoved) {
  for (int round = 0; round < 60; ++round) {
    append(new_postings(round % 3 == 0 ? 1 : 300));
    const auto model = static_cast<std::int64_t>(random_()) % next_;
    std::vector<Posting> removed = {{7, model}};  // is not there
    for (const Posting& posting : expected_) {
      if (posting.model == model && random_() % 4 != 0) removed.push_back(posting);
    }
    std::ranges::sort(removed);
    ASSERT_TRUE(remove_postings(database(), model, removed));
    for (const Posting& posting : removed) expected_.erase(posting);
    ASSERT_EQ(indexed(store_), std::vector<Posting>(expected_.begin(), expected_.end())) << round;
  }
  ASSERT_GT(segments(), 1);
  expect_all_lists();
  PostingLookup lookup = *PostingLookup::open(database());
  for (int i = 0; i < 500; ++i) {
    const Posting posting{bucket_of(random_() % 100), static_cast<std::int64_t>(random_() % 9999)};
    EXPECT_EQ(*lookup.contains(posting), expected_.contains(posting));
  }
  for (const Posting& posting : expected_) ASSERT_TRUE(*lookup.contains(posting));
  ASSERT_TRUE(remove_model(database(), 77));
  std::erase_if(expected_, [](const Posting& posting) { return posting.model == 77; });
  EXPECT_EQ(indexed(store_), std::vector<Posting>(expected_.begin(), expected_.end()));
}

TEST_F(WordIndexTest, MergesSegmentsThatPileUp) {
  for (int i = 0; i < 400; ++i) append(new_postings(1, 3));
  EXPECT_LE(segments(), 3) << "one record at a time";
  std::int64_t most = 0;
  for (int i = 0; i < 70; ++i) {
    append(new_postings(500, 2));
    most = std::max(most, segments());
  }
  EXPECT_LE(most, 10) << "three of each power of four";
  EXPECT_GE(most, 4) << "not all of it is written each time";
  expect_all_lists();
}

TEST_F(WordIndexTest, ReadsListsThatReachOverManyBlocksAndSegments) {
  const std::uint64_t word = 99, bucket = bucket_of(word);
  for (std::int64_t first = 1; first <= 5000; first += 1000) {
    std::vector<Posting> postings = {{bucket - 1, first}};
    for (std::int64_t model = first; model < first + 1000; ++model)
      postings.push_back({bucket, 100 * model});
    postings.push_back({bucket + 1, 100 * first + 8});
    ASSERT_TRUE(append_segment(database(), postings));
  }
  ASSERT_GT(segments(), 1);
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
  append(new_postings(300));
  ASSERT_TRUE(database().run("UPDATE word SET rest = x'80'").has_value());
  PostingLookup lookup = *PostingLookup::open(database());
  EXPECT_EQ(lookup.contains({(std::uint64_t{1} << 40U) - 1, 1}).error().code, ErrorCode::malformed);
  WordLists lists = *WordLists::open(store_);
  std::vector<std::int64_t> models;
  EXPECT_EQ(lists.read(1, 100, models).error().code, ErrorCode::malformed);
  EXPECT_EQ(append_segment(database(), new_postings(1000)).error().code, ErrorCode::malformed);
  EXPECT_EQ(remove_postings(database(), 1, std::vector<Posting>{{(std::uint64_t{1} << 40U) - 1, 1}})
                .error()
                .code,
            ErrorCode::malformed);
}

}  // namespace
}  // namespace prov::store
