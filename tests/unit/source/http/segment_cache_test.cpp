#include "source/http/segment_cache.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace prov::source {
namespace {

/// Byte i of the file is i modulo 251.
std::vector<std::byte> piece(std::uint64_t begin, std::uint64_t count) {
  std::vector<std::byte> bytes(count);
  for (std::uint64_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>((begin + i) % 251);
  return bytes;
}

bool reads(const SegmentCache& cache, std::uint64_t begin, std::uint64_t count) {
  std::vector<std::byte> out(count);
  return cache.read(begin, out) && out == piece(begin, count);
}

TEST(SegmentCache, ReadsWhatOnePieceHolds) {
  SegmentCache cache(1000);
  cache.add(100, piece(100, 50));
  EXPECT_TRUE(reads(cache, 100, 50));
  EXPECT_TRUE(reads(cache, 149, 1));
  EXPECT_FALSE(reads(cache, 99, 2));
  EXPECT_FALSE(reads(cache, 149, 2));
  EXPECT_TRUE(cache.holds({120, 30}));
  EXPECT_FALSE(cache.holds({120, 31}));
}

TEST(SegmentCache, FindsALargePieceBehindSmallOnesInIt) {
  SegmentCache cache(1000);
  cache.add(110, piece(110, 5));
  cache.add(150, piece(150, 5));
  cache.add(100, piece(100, 100));  // takes both in
  EXPECT_TRUE(reads(cache, 112, 60));
  cache.add(120, piece(120, 10));  // is there already
  EXPECT_TRUE(reads(cache, 125, 60));
  cache.add(190, piece(190, 50));  // reaches farther
  EXPECT_TRUE(reads(cache, 195, 40));
  EXPECT_TRUE(reads(cache, 105, 95));
}

TEST(SegmentCache, ForgetsTheOldestFirst) {
  SegmentCache cache(100);
  for (std::uint64_t begin = 0; begin < 500; begin += 50) cache.add(begin, piece(begin, 40));
  EXPECT_FALSE(reads(cache, 0, 40));
  EXPECT_FALSE(reads(cache, 350, 40));
  EXPECT_TRUE(reads(cache, 400, 40));
  EXPECT_TRUE(reads(cache, 450, 40));
  cache.add(450, piece(450, 300));  // alone above the bound: the last one stays
  EXPECT_TRUE(reads(cache, 450, 300));
  EXPECT_FALSE(reads(cache, 400, 40));
}

}  // namespace
}  // namespace prov::source
