#include "search/code_candidates.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "unit/store/sample_records.hpp"

namespace prov::search {
namespace {

using Words = std::vector<std::uint64_t>;

std::vector<std::byte> bytes_of(const Words& words) {
  std::vector<std::byte> bytes(words.size() * 8);
  std::memcpy(bytes.data(), words.data(), bytes.size());
  return bytes;
}

TEST(CodeCandidates, AreTheNearestOfAllRecordsOnAnyNumberOfThreads) {
  constexpr std::size_t kWords = 3, kModels = 21'000;
  const tests::TempFolder folder;
  const store::Store store = store::test::open_store(folder.path() / "models.db");
  std::mt19937_64 random(3);
  const auto random_code = [&](std::size_t words) {
    Words code(words);
    for (std::uint64_t& word : code) word = random();
    return code;
  };
  const Words query = random_code(kWords);
  NearestCodes expected(query, 20);
  Result<store::Batch> batch = store::Batch::begin(store);
  ASSERT_TRUE(batch.has_value());
  for (std::size_t i = 0; i < kModels; ++i) {
    store::Record record;
    record.id = "model-" + std::to_string(i);
    const Words code = random_code(i % 1000 == 1 ? kWords + 1 : kWords);
    record.parts["code"] = bytes_of(code);
    ASSERT_TRUE(batch->add(record).has_value());
    if (code.size() == kWords) expected.offer(Words{i + 1}, code);
  }
  ASSERT_TRUE(batch->commit().has_value());

  for (const std::size_t workers : {1U, 2U, 5U}) {
    const Result<std::vector<CodeMatch>> found = find_by_code(store, query, 20, workers);
    ASSERT_TRUE(found.has_value()) << found.error().to_string();
    EXPECT_EQ(*found, expected.matches()) << workers;
  }
  EXPECT_TRUE(find_by_code(store, {}, 20, 2)->empty());
}

}  // namespace
}  // namespace prov::search
