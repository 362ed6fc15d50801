#include "store/posting_block.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace prov::store {
namespace {

std::vector<Posting> random_postings(std::size_t count, std::uint64_t buckets,
                                     std::int64_t models) {
  std::mt19937_64 random(count);
  std::vector<Posting> postings;
  for (std::size_t i = 0; i < count; ++i) {
    postings.push_back(
        {random() % buckets,
         static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(models)) + 1});
  }
  std::ranges::sort(postings);
  postings.erase(std::unique(postings.begin(), postings.end()), postings.end());
  return postings;
}

TEST(PostingBlock, ComesBackAsItWas) {
  for (const std::uint64_t buckets :
       {std::uint64_t{1}, std::uint64_t{50}, std::uint64_t{1} << 40U}) {
    const std::vector<Posting> postings = random_postings(3000, buckets, 1'000'000'000);
    std::vector<Posting> back;
    for (const PostingBlock& block : encode_postings(postings)) {
      EXPECT_LE(block.rest.size(), 960U);
      ASSERT_TRUE(decode_postings(block.first, block.rest, back));
    }
    EXPECT_EQ(back, postings);
  }
}

TEST(PostingBlock, RefusesWhatIsNone) {
  const auto is_block = [](const Posting& first, const std::string& rest) {
    std::vector<Posting> postings;
    std::vector<std::byte> bytes(rest.size());
    std::ranges::transform(rest, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
    return decode_postings(first, bytes, postings);
  };
  const Posting first{5, 7};
  EXPECT_TRUE(is_block(first, ""));
  EXPECT_TRUE(is_block(first, "\x01\x02"));
  EXPECT_FALSE(is_block(first, "\x01")) << "cut short";
  EXPECT_FALSE(is_block(first, "\x01\x82")) << "cut short in a number";
  EXPECT_FALSE(is_block(first, std::string("\0\0", 2))) << "a pair twice";
  EXPECT_FALSE(is_block(first, std::string("\x01\0", 2))) << "no model";
  EXPECT_FALSE(is_block(first, "\x80\x80\x80\x80\x80\x80\x01\x02")) << "a bucket out of range";
  EXPECT_FALSE(is_block(first, "\x01\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")) << "a long number";
  EXPECT_FALSE(is_block(first, std::string("\0\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10)))
      << "a model out of range";
  EXPECT_FALSE(is_block({std::uint64_t{1} << 40U, 7}, ""));
  EXPECT_FALSE(is_block({5, 0}, ""));
}

TEST(PostingBlock, WordsSpreadOverTheBuckets) {
  std::vector<std::uint64_t> buckets;
  for (std::uint64_t i = 0; i < 1000; ++i)
    for (const std::uint64_t word : {i, i << 20U, i << 40U}) buckets.push_back(bucket_of(word));
  std::ranges::sort(buckets);
  buckets.erase(std::unique(buckets.begin(), buckets.end()), buckets.end());
  EXPECT_GT(buckets.size(), 2900U);
  EXPECT_LT(buckets.back(), std::uint64_t{1} << 40U);
}

}  // namespace
}  // namespace prov::store
