#include <gtest/gtest.h>

#include "provenancekit/verdict.hpp"

namespace prov {
namespace {

TEST(LineageNames, AreThoseOfTheReportContract) {
  EXPECT_EQ(lineage_class_name(LineageClass::identical), "identical");
  EXPECT_EQ(lineage_class_name(LineageClass::derived), "derived");
  EXPECT_EQ(lineage_class_name(LineageClass::same_lineage), "same-lineage");
  EXPECT_EQ(lineage_class_name(LineageClass::shared_initialisation), "shared-initialisation");
  EXPECT_EQ(lineage_class_name(LineageClass::independent), "independent");
  EXPECT_EQ(lineage_class_name(LineageClass::inconclusive), "inconclusive");
  EXPECT_EQ(direction_name(Direction::a_to_b), "a->b");
  EXPECT_EQ(direction_name(Direction::b_to_a), "b->a");
  EXPECT_EQ(direction_name(Direction::undetermined), "undetermined");
}

}  // namespace
}  // namespace prov
