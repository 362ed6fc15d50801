#include "format/pytorch/state_dict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::format {
namespace {

using testing::ElementsAre;

class StateDictTest : public testing::Test {
 protected:
  PickleId tensor() { return values_.add_tensor({.dtype = Dtype::f32, .shape = {1}}); }
  PickleId dictionary(std::vector<std::pair<std::string, PickleId>> members) {
    const PickleId made = values_.add_container(PickleKind::dictionary);
    for (const auto& [key, value] : members) put(made, key, value);
    return made;
  }
  void put(PickleId in, const std::string& key, PickleId value) {
    values_.append(in, values_.add_text(key));
    values_.append(in, value);
  }
  std::vector<std::string> names(PickleId top) {
    auto found = find_state_dict(values_, top);
    EXPECT_TRUE(found) << found.error().to_string();
    std::vector<std::string> result;
    for (const StateDict::Entry& entry : found->entries) result.push_back(entry.name);
    return result;
  }
  ErrorCode refusal(PickleId top) { return find_state_dict(values_, top).error().code; }

  PickleValues values_;
};

TEST_F(StateDictTest, ADictionaryOfTensorsIsTheModel) {
  EXPECT_THAT(names(dictionary({{"b", tensor()}, {"a", tensor()}, {"n", values_.add_text("x")}})),
              ElementsAre("b", "a"));
}

TEST_F(StateDictTest, AKnownKeyIsFollowedAsDeepAsItGoes) {
  const PickleId model = dictionary({{"w", tensor()}});
  const PickleId optimizer = dictionary({{"exp_avg", tensor()}});
  const PickleId top = dictionary(
      {{"optimizer", optimizer}, {"model", dictionary({{"module", model}})}, {"best", tensor()}});
  EXPECT_THAT(names(top), ElementsAre("w"));
  const auto found = find_state_dict(values_, top);
  EXPECT_THAT(found->warnings, ElementsAre("the model is what lies under \"model.module\"",
                                           "the tensors under \"optimizer\" are left out"));
}

TEST_F(StateDictTest, AKeyWithoutTensorsIsNotFollowed) {
  const PickleId top = dictionary({{"model", dictionary({{"name", values_.add_text("x")}})},
                                   {"net", dictionary({{"w", tensor()}})}});
  EXPECT_THAT(names(top), ElementsAre("w"));
}

TEST_F(StateDictTest, SeveralPartsAreJoinedByDotsWithoutOptimizers) {
  const PickleId top =
      dictionary({{"encoder", dictionary({{"w", tensor()}})},
                  {"optimizer", dictionary({{"m", tensor()}})},
                  {"decoder", dictionary({{"deep", dictionary({{"w", tensor()}})}})}});
  EXPECT_THAT(names(top), ElementsAre("encoder.w", "decoder.deep.w"));
}

TEST_F(StateDictTest, APrefixGoesOnlyWhereAllNamesHaveIt) {
  EXPECT_THAT(
      names(dictionary({{"module._orig_mod.a", tensor()}, {"module._orig_mod.b", tensor()}})),
      ElementsAre("a", "b"));
  EXPECT_THAT(names(dictionary({{"module.a", tensor()}, {"b", tensor()}})),
              ElementsAre("module.a", "b"));
  EXPECT_THAT(names(dictionary({{"module.", tensor()}})), ElementsAre("module."));
}

TEST_F(StateDictTest, WhatTwoReadersWouldReadDifferentlyIsRefused) {
  EXPECT_EQ(refusal(dictionary({{"a", tensor()}, {"a", tensor()}})), ErrorCode::duplicate);
  EXPECT_EQ(refusal(dictionary({{"", tensor()}})), ErrorCode::malformed);
  EXPECT_EQ(refusal(dictionary({{"\xff", tensor()}})), ErrorCode::malformed);
  EXPECT_EQ(refusal(dictionary({{std::string(4097, 'n'), tensor()}})), ErrorCode::too_large);
  EXPECT_EQ(refusal(values_.add_container(PickleKind::list)), ErrorCode::not_weights);
  EXPECT_EQ(refusal(tensor()), ErrorCode::not_weights);
}

TEST_F(StateDictTest, DictionariesThatHoldEachOtherEnd) {
  const PickleId loop = dictionary({{"w", tensor()}});
  put(loop, "again", loop);
  EXPECT_EQ(refusal(loop), ErrorCode::malformed);
  // Each level holds the next one twice: 2^40 paths to one tensor.
  PickleId level = dictionary({{"w", tensor()}});
  for (int i = 0; i < 40; ++i) level = dictionary({{"a", level}, {"b", level}});
  EXPECT_FALSE(find_state_dict(values_, level));
  const PickleId named = dictionary({{"w", tensor()}});
  put(named, "model", named);
  EXPECT_EQ(refusal(named), ErrorCode::malformed);
}

}  // namespace
}  // namespace prov::format
