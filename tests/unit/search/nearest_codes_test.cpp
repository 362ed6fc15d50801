#include "search/nearest_codes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>

namespace prov::search {
namespace {

using Words = std::vector<std::uint64_t>;

Words random_words(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  Words words(count);
  for (std::uint64_t& word : words) word = random();
  return words;
}

/// All distances, sorted.
std::vector<CodeMatch> brute_force(const Words& query, const Words& ids, const Words& codes) {
  std::vector<CodeMatch> all;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::uint32_t distance = 0;
    for (std::size_t w = 0; w < query.size(); ++w)
      distance += static_cast<std::uint32_t>(std::popcount(query[w] ^ codes[i * query.size() + w]));
    all.push_back({ids[i], distance});
  }
  std::ranges::sort(all, [](const CodeMatch& a, const CodeMatch& b) {
    return std::pair(a.distance, a.id) < std::pair(b.distance, b.id);
  });
  return all;
}

TEST(NearestCodes, AreThoseOfBruteForceInAnyOrderOfBlocks) {
  for (const std::size_t words : {1U, 3U, 8U, 21U}) {
    const std::size_t count = 2500;
    const Words query = random_words(words, 1), codes = random_words(count * words, 2);
    Words ids(count);
    for (std::size_t i = 0; i < count; ++i) ids[i] = (i * 7919) % 100003;
    std::vector<CodeMatch> expected = brute_force(query, ids, codes);
    expected.resize(40);

    NearestCodes whole(query, 40), first(query, 40), second(query, 40);
    whole.offer(ids, codes);
    const std::size_t cut = 1201;
    second.offer(std::span(ids).subspan(cut), std::span(codes).subspan(cut * words));
    first.offer(std::span(ids).first(cut), std::span(codes).first(cut * words));
    second.merge(first);
    EXPECT_EQ(whole.matches(), expected) << words << " words";
    EXPECT_EQ(second.matches(), expected) << words << " words";
  }
}

TEST(NearestCodes, TakeWhatThereIs) {
  const Words query{0}, ids{5, 3}, codes{1, 2};
  NearestCodes nearest(query, 10);
  EXPECT_TRUE(nearest.matches().empty());
  nearest.offer(ids, codes);
  EXPECT_EQ(nearest.matches(), (std::vector<CodeMatch>{{3, 1}, {5, 1}}));
  NearestCodes none(query, 0);
  none.offer(ids, codes);
  EXPECT_TRUE(none.matches().empty());
}

}  // namespace
}  // namespace prov::search
