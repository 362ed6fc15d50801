#include "search/word_candidates.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>

#include "unit/store/sample_records.hpp"

namespace prov::search {
namespace {

using Words = std::vector<std::uint64_t>;

Words random_words(std::size_t count, std::mt19937_64& random) {
  Words words(count);
  for (std::uint64_t& word : words) word = random();
  std::ranges::sort(words);
  return words;
}

/// `words` with a part of them replaced, as training replaces them.
Words tuned(Words words, double replaced, std::mt19937_64& random) {
  std::bernoulli_distribution replace(replaced);
  for (std::uint64_t& word : words) word = replace(random) ? random() : word;
  std::ranges::sort(words);
  return words;
}

class WordCandidatesTest : public testing::Test {
 protected:
  void add(const std::string& id, const Words& words) {
    store::Record record = store::test::sample_record(1, 10, 0);
    record.id = id;
    record.words = words;
    ASSERT_TRUE(store::add(store_, record).has_value());
    all_.push_back({*store_.key_of(id).value(), words});
  }

  /// Every record compared with the words.
  std::vector<std::pair<double, std::int64_t>> brute_force(const Words& words) const {
    std::vector<std::pair<double, std::int64_t>> ranking;
    for (const auto& [key, theirs] : all_) {
      Words shared;
      std::ranges::set_intersection(words, theirs, std::back_inserter(shared));
      if (!shared.empty())
        ranking.emplace_back(-static_cast<double>(shared.size()) /
                                 static_cast<double>(std::min(words.size(), theirs.size())),
                             key);
    }
    std::ranges::sort(ranking);
    return ranking;
  }

  WordSearch search(const Words& words, const WordSearchLimits& limits = {}) {
    Result<WordSearch> found = find_by_words(store_, words, limits, damaged_);
    EXPECT_TRUE(found.has_value());
    return *std::move(found);
  }

  tests::TempFolder folder_;
  store::Store store_ = store::test::open_store(folder_.path() / "models.db");
  std::vector<std::pair<std::int64_t, Words>> all_;
  std::vector<Error> damaged_;
  std::mt19937_64 random_{7};
};

TEST_F(WordCandidatesTest, AreRankedAsByBruteForce) {
  std::vector<Words> roots;
  for (int family = 0; family < 6; ++family) {
    roots.push_back(random_words(120, random_));
    add("root-" + std::to_string(family), roots.back());
    for (int child = 0; child < 5; ++child)
      add("child-" + std::to_string(family) + "-" + std::to_string(child),
          tuned(roots.back(), 0.15 * (child + 1), random_));
  }
  for (const Words& root : roots) {
    const Words query = tuned(root, 0.4, random_);
    const WordSearch found = search(query);
    EXPECT_EQ(found.stop_words, 0U);
    std::vector<std::pair<double, std::int64_t>> ranking;
    for (const WordCandidate& c : found.candidates) ranking.emplace_back(-c.share, c.key);
    EXPECT_EQ(ranking, brute_force(query));
  }
  EXPECT_TRUE(damaged_.empty());
}

TEST_F(WordCandidatesTest, FindTheNearestOfAFamilyTooLargeToRead) {
  const Words root = random_words(100, random_);
  for (int i = 0; i < 300; ++i) add("cousin-" + std::to_string(i), tuned(root, 0.1, random_));
  const Words parent = tuned(root, 0.3, random_);
  add("parent", parent);
  WordSearchLimits limits;
  limits.candidates = 5;
  limits.postings = 2000;  // of some 27000
  const WordSearch found = search(tuned(parent, 0.1, random_), limits);
  EXPECT_GT(found.stop_words, 0U);
  EXPECT_LT(found.read_postings, 27000U / 2);
  ASSERT_FALSE(found.candidates.empty());
  EXPECT_EQ(found.candidates[0].key, all_.back().first);
  EXPECT_GT(found.candidates[0].shared_words, 80U) << "stop words count, too";
}

TEST_F(WordCandidatesTest, FindAFamilyWhoseEveryWordIsFrequent) {
  const Words root = random_words(50, random_);
  for (int i = 0; i < 200; ++i) add("copy-" + std::to_string(i), root);
  WordSearchLimits limits;
  limits.postings = 100;
  const WordSearch found = search(root, limits);
  ASSERT_EQ(found.candidates.size(), limits.candidates);
  EXPECT_EQ(found.candidates[0].share, 1);
}

TEST_F(WordCandidatesTest, LeaveOutWhatIsDamagedAndNameIt) {
  const Words words = random_words(30, random_);
  add("sound", words);
  add("broken", words);
  ASSERT_TRUE(store_.database()
                  .run("UPDATE part SET bytes = zeroblob(size) WHERE name = 'words' AND model = "
                       "(SELECT key FROM model WHERE id = 'broken')")
                  .has_value());
  const WordSearch found = search(words);
  ASSERT_EQ(found.candidates.size(), 1U);
  EXPECT_EQ(found.candidates[0].key, all_[0].first);
  ASSERT_EQ(damaged_.size(), 1U);
  EXPECT_NE(damaged_[0].to_string().find("broken"), std::string::npos);
}

TEST_F(WordCandidatesTest, AreNoneForWordsThatNobodyHas) {
  add("model", random_words(30, random_));
  EXPECT_TRUE(search(random_words(30, random_)).candidates.empty());
  EXPECT_TRUE(search({}).candidates.empty());
}

}  // namespace
}  // namespace prov::search
