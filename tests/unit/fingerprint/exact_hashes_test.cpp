#include "fingerprint/exact_hashes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace prov::fingerprint {
namespace {

signals::TensorRecord record(std::string name, std::uint64_t elements, std::uint64_t hash) {
  return {.name = std::move(name), .role = {}, .shape = {elements}, .content = {1, hash}};
}

TEST(ExactHashes, AreASetOfLargeTensors) {
  const std::vector<signals::TensorRecord> tensors = {record("a", 5000, 30), record("b", 4096, 10),
                                                      record("c", 4095, 20), record("d", 9000, 30)};
  EXPECT_EQ(exact_hashes(tensors), (std::vector<std::uint64_t>{10, 30}));
}

TEST(ExactHashes, KeepTheSmallestOfMany) {
  std::vector<signals::TensorRecord> tensors;
  for (std::uint64_t i = 200; i > 0; --i) tensors.push_back(record("t", 5000, i));
  const auto hashes = exact_hashes(tensors);
  ASSERT_EQ(hashes.size(), kMostTensorHashes);
  EXPECT_EQ(hashes.front(), 1U);
  EXPECT_EQ(hashes.back(), kMostTensorHashes);
}

TEST(ExactHashes, OfAllDependOnNamesShapesAndContent) {
  const std::vector<signals::TensorRecord> base = {record("a", 5, 30), record("b", 6, 10)};
  EXPECT_EQ(hash_of_all(base), hash_of_all(base));
  auto renamed = base, reshaped = base, changed = base;
  renamed[1].name = "c";
  reshaped[1].shape = {2, 3};
  changed[1].content.high = 2;
  for (const auto& other : {renamed, reshaped, changed})
    EXPECT_NE(hash_of_all(base), hash_of_all(other));
}

}  // namespace
}  // namespace prov::fingerprint
