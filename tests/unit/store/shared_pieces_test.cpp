#include "store/shared_pieces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "store/record.hpp"

namespace prov::store {
namespace {

using Bytes = std::vector<std::byte>;

Bytes random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

Bytes joined(std::initializer_list<Bytes> all) {
  Bytes bytes;
  for (const Bytes& some : all) bytes.insert(bytes.end(), some.begin(), some.end());
  return bytes;
}

const Bytes kWords = random_bytes(4096, 1), kCode = random_bytes(2048, 2),
            kOther = random_bytes(500, 3);

void expect_stored(std::string_view name, const Bytes& whole, std::size_t bytes) {
  const StoredPart stored = take_out(name, whole, kWords, kCode);
  EXPECT_EQ(stored.bytes.size(), bytes);
  EXPECT_EQ(stored.pieces.empty(), bytes == whole.size());
  EXPECT_EQ(put_back(stored.bytes, stored.pieces, kWords, kCode), whole);
}

TEST(SharedPieces, AreTakenOutAndPutBackWhereverTheyLie) {
  expect_stored("sketch", joined({kOther, kWords, kOther, kCode, kOther}), 1500);
  expect_stored("sketch", joined({kCode, kWords}), 0);
  expect_stored("sketch", joined({kWords, kOther}), 500);
  expect_stored("sketch", kOther, 500);
  expect_stored("sketch", joined({kWords, kWords}), 4096);
  expect_stored("sketch", {}, 0);
  expect_stored(kCodePart, kCode, 0);
  expect_stored(kWordsPart, kWords, kWords.size());
}

TEST(SharedPieces, OverlappingOnesAreNotTakenTwice) {
  const Bytes half(kWords.begin() + 2048, kWords.end());
  const Bytes code = joined({half, kOther});
  const Bytes whole = joined({kWords, kOther});
  const StoredPart stored = take_out("sketch", whole, kWords, code);
  EXPECT_EQ(put_back(stored.bytes, stored.pieces, kWords, code), whole);
}

TEST(SharedPieces, PiecesThatDoNotFitGiveNothing) {
  const auto pieces = [](std::initializer_list<int> numbers) {
    Bytes bytes;
    for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
    return bytes;
  };
  for (const Bytes& wrong : {
           pieces({0}),
           pieces({0, 0, 0, 0}),
           pieces({2, 0, 0, 0, 0}),
           pieces({0, 245, 1, 0, 0}),
           pieces({0, 255, 255, 255, 255}),
           pieces({0, 5, 0, 0, 0, 1, 1, 0, 0, 0}),
           pieces({0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 32, 0, 0}),
       })
    EXPECT_FALSE(put_back(kOther, wrong, kWords, kCode).has_value()) << wrong.size();
}

}  // namespace
}  // namespace prov::store
