// All pairs of the trained development zoo.
#include <gtest/gtest.h>

#include <iostream>

#include "zoo/zoo.hpp"

namespace prov::zoo {
namespace {

TEST(TrainedZoo, NoStrangerIsRelatedAndNoRelativeIsMissed) {
  Models models;
  models.open_all(PROV_SHARED "/zoo/dev");
  ASSERT_EQ(models.size(), 30U);
  const std::vector<Outcome> outcomes =
      judge(models, read_truth(PROV_SHARED "/zoo/truth-dev.json"));
  ASSERT_EQ(outcomes.size(), 435U);
  for (const Outcome& outcome : outcomes) {
    const auto lineage_class = outcome.lineage.lineage_class;
    const bool shares_history =
        outcome.pair.weights_shared || outcome.pair.label == "shared-initialisation";
    EXPECT_EQ(is_positive(lineage_class), shares_history) << table_line(outcome);
    if (!shares_history && outcome.evidence.all_paired) {
      EXPECT_EQ(lineage_class, LineageClass::independent) << table_line(outcome);
    }
    const bool young =
        outcome.pair.label == "shared-initialisation" || outcome.pair.label == "early-branch";
    EXPECT_EQ(lineage_class == LineageClass::shared_initialisation, young) << table_line(outcome);
    EXPECT_TRUE(outcome.lineage.conflicts.empty())
        << table_line(outcome) << outcome.lineage.conflicts.front();
    if (outcome.pair.core) std::cout << table_line(outcome) << "\n";
  }
  std::cout << summary(outcomes);
}

}  // namespace
}  // namespace prov::zoo
