#include "fingerprint/neuron_words.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "support/random_matrix.hpp"

namespace prov::fingerprint {
namespace {

const std::vector<std::uint64_t> kKeys = {11, 22, 33, 44};

NeuronResponses one_unit(std::vector<float> gate, std::vector<float> up, std::vector<float> down) {
  NeuronResponses responses;
  responses.units = {0};
  responses.strengths = {1};
  if (!gate.empty()) {
    responses.gate = numeric::Matrix(1, gate.size());
    responses.gate.values = std::move(gate);
  }
  responses.up = numeric::Matrix(1, up.size());
  responses.up.values = std::move(up);
  responses.down = numeric::Matrix(1, down.size());
  responses.down.values = std::move(down);
  return responses;
}

std::uint64_t word(const NeuronResponses& responses) {
  const auto words = words_of(responses, kKeys);
  EXPECT_EQ(words.size(), 1U);
  return words.at(0);
}

TEST(NeuronWords, NameTheTwoStrongestOfTheGateAndTheFarthestOfUp) {
  const auto base = word(one_unit({5, 4, 1, 0}, {0, 1, -9, 2}, {1, 2, 3, 4}));
  // In any order of the two, with any sign of up, whatever down does.
  EXPECT_EQ(word(one_unit({4, 5, 1, 0}, {0, 1, 9, 2}, {4, 3, 2, 1})), base);
  EXPECT_NE(word(one_unit({5, 1, 4, 0}, {0, 1, -9, 2}, {1, 2, 3, 4})), base);
  EXPECT_NE(word(one_unit({5, 4, 1, 0}, {0, 10, -9, 2}, {1, 2, 3, 4})), base);
  EXPECT_NE(word(one_unit({-5, -4, -1, 0}, {0, 1, -9, 2}, {1, 2, 3, 4})), base);
}

TEST(NeuronWords, WithoutAGateDownIsTheThird) {
  const auto base = word(one_unit({}, {5, 4, 1, 0}, {0, 1, -9, 2}));
  EXPECT_EQ(base, word(one_unit({5, 4, 1, 0}, {0, 1, -9, 2}, {1, 2, 3, 4})));
  EXPECT_NE(base, word(one_unit({}, {5, 4, 1, 0}, {0, 10, -9, 2})));
}

TEST(NeuronWords, FollowTheTokenAndNotItsPlace) {
  auto responses = one_unit({5, 4, 1, 0}, {0, 1, -9, 2}, {1, 2, 3, 4});
  const auto base = word(responses);
  auto turned = one_unit({0, 1, 4, 5}, {2, -9, 1, 0}, {4, 3, 2, 1});
  EXPECT_EQ(words_of(turned, std::vector<std::uint64_t>{44, 33, 22, 11}).at(0), base);
}

TEST(NeuronWords, NoneForUnitsThatDoNotRespond) {
  EXPECT_TRUE(words_of(one_unit({0, 0, 0, 0}, {1, 2, 3, 4}, {1, 2, 3, 4}), kKeys).empty());
  EXPECT_TRUE(words_of(one_unit({1, 2, NAN, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}), kKeys).empty());
  EXPECT_TRUE(words_of(one_unit({1, 2}, {1, 2}, {1, 2}), std::vector<std::uint64_t>{1, 2}).empty());
  EXPECT_TRUE(words_of({}, kKeys).empty());
}

TEST(NeuronWords, OnlyTheStrongestUnitsHaveOne) {
  std::vector<std::uint64_t> keys(400);
  std::iota(keys.begin(), keys.end(), 1U);
  NeuronResponses responses;
  responses.up = tests::random_matrix(kStrongestUnits, keys.size(), 1);
  responses.down = tests::random_matrix(kStrongestUnits, keys.size(), 2);
  EXPECT_EQ(words_of(responses, keys).size(), kWordUnits);
}

TEST(NeuronWords, WhatSeveralUnitsOfAnMlpSayIsNoWord) {
  NeuronResponses responses;
  responses.up = numeric::Matrix(3, 4);
  responses.up.values = {5, 4, 1, 0, 4, 5, 1, 0, 0, 5, 4, 1};
  responses.down = responses.up;
  responses.down.values = {9, 1, 1, 1, 9, 1, 1, 1, 9, 1, 1, 1};
  EXPECT_EQ(words_of(responses, kKeys).size(), 1U);
}

TEST(NeuronWords, ModelsKeepTheSameOnesOfTheirCommonWords) {
  tests::RandomSource random(1);
  std::vector<std::uint64_t> common, a, b;
  for (int i = 0; i < 1000; ++i) common.push_back(random.next());
  a = b = common;
  for (int i = 0; i < 1000; ++i) {
    a.push_back(random.next());
    b.push_back(random.next());
  }
  a.push_back(common.front());
  const auto kept_a = kept_words(a), kept_b = kept_words(b);
  EXPECT_EQ(kept_a.size(), kMostWords);
  EXPECT_EQ(std::set(kept_a.begin(), kept_a.end()).size(), kMostWords);
  EXPECT_TRUE(std::ranges::is_sorted(kept_a));
  // Half of all words are common: of those kept about 256, and not 64 as if both chose freely.
  EXPECT_GT(shared_words(kept_a, kept_b), 200U);
}

TEST(NeuronWords, SharedWordsAreCountedOnce) {
  const std::vector<std::uint64_t> a = {1, 4, 9, 12}, b = {2, 4, 12, 13, 14};
  EXPECT_EQ(shared_words(a, b), 2U);
  EXPECT_EQ(shared_words(b, a), 2U);
  EXPECT_EQ(shared_words(a, {}), 0U);
}

}  // namespace
}  // namespace prov::fingerprint
