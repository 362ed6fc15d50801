#include "signals/deep_signals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace prov::signals {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Rows = std::vector<DeepSignalRow>;

Result<WeightSignals> signals_of(const Rows& rows, const KitBundle& bundle = {}) {
  DeepSignals signals("file");
  for (const DeepSignalRow& row : rows) {
    if (Result<void> added = signals.add(row); !added) return std::move(added).error();
  }
  return std::move(signals).finish(bundle);
}

TEST(DeepSignals, AreRebuiltAsTheKitRebuildsThem) {
  Rows rows = {{"nlf_vector", {}, 1, {}, 2.5},       {"nlf_vector", {}, 0, {}, -1},
               {"lep_profile", {}, 0, 7, 0.5},       {"lep_profile", {}, 1, {}, 1},
               {"eas_self_sim", {}, 0, 0, 1},        {"eas_self_sim", {}, 1, {}, 0.25},
               {"eas_self_sim", 3, 1, 1, 1},         {"wvc_layer_sigs", 4, 1, {}, 8},
               {"wvc_layer_sigs", 4, 0, {}, 9},      {"wvc_layer_sigs", {}, 0, {}, 7},
               {"wsp_signature", {}, -5, {}, 1e300}, {"nlf_vector", {}, 1, {}, 3}};
  for (int bin = 0; bin < 20; ++bin)
    rows.push_back({"end_histogram", {}, 19 - bin, {}, 0.05 * bin});
  const auto found = signals_of(rows, {.nlf_is_direct = true, .nlf_tensors = 3});
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_EQ(found->eas.anchors, 2U);
  EXPECT_THAT(found->eas.cosines, ElementsAre(1, 0, 0.25F, 1));
  EXPECT_EQ(found->nlf.mode, NlfMode::direct);
  EXPECT_EQ(found->nlf.tensors, 3U);
  EXPECT_THAT(found->nlf.values, ElementsAre(-1, 2.5F, 3));  // what comes twice stays twice
  EXPECT_THAT(found->lep.profile, ElementsAre(0.5, 1));
  ASSERT_TRUE(found->end.histogram);
  EXPECT_EQ(found->end.histogram->back(), 0);
  ASSERT_EQ(found->wvc.layers.size(), 1U);
  EXPECT_THAT(found->wvc.layers.at(4), ElementsAre(9, 8));
  EXPECT_EQ(found->eas.missing + found->nlf.missing + found->lep.missing + found->end.missing +
                found->wvc.missing,
            "");
}

TEST(DeepSignals, WhatIsNotThereSaysSo) {
  const auto found = signals_of({{"nlf_vector", {}, 0, {}, 1}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->nlf.mode, NlfMode::statistics);  // as in the kit where nothing is said
  for (const std::string& missing :
       {found->eas.missing, found->lep.missing, found->end.missing, found->wvc.missing})
    EXPECT_THAT(missing, HasSubstr("archive"));
  EXPECT_FALSE(found->end.histogram);
}

TEST(DeepSignals, HostileRowsAreErrorsThatNameTheSignal) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  for (const DeepSignalRow& row : Rows{{"nlf_vector", {}, 0, {}, infinity},
                                       {"nlf_vector", {}, 0, {}, 1e300},
                                       {"nlf_vector", {}, -1, {}, 1},
                                       {"eas_self_sim", {}, huge, 0, 1},
                                       {"eas_self_sim", {}, 0, huge, 1},
                                       {"eas_self_sim", {}, 0, -1, 1},
                                       {"eas_self_sim", {}, 2, 3, 1},
                                       {"wvc_layer_sigs", -1, 0, {}, 1},
                                       {"wvc_layer_sigs", huge, 0, {}, 1},
                                       {"end_histogram", {}, 0, {}, 1}}) {
    const auto found = signals_of({row});
    ASSERT_FALSE(found) << row.signal;
    EXPECT_EQ(found.error().code, ErrorCode::malformed);
    EXPECT_EQ(found.error().field, row.signal);
    EXPECT_EQ(found.error().file, "file");
  }
}

TEST(DeepSignals, NumbersAreCounted) {
  DeepSignals signals("file");
  Result<void> added;
  for (std::int64_t row = 0; added && row <= 1 << 24; ++row)
    added = signals.add({"nlf_vector", {}, row, {}, 1});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace prov::signals
