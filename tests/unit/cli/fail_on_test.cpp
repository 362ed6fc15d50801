#include "cli/fail_on.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::cli {
namespace {

std::string fired(const std::vector<std::string>& lists, LineageClass value,
                  std::vector<std::string> conflicts = {}) {
  Lineage lineage;
  lineage.lineage_class = value;
  lineage.conflicts = std::move(conflicts);
  const FailCondition* condition = fired_condition(parse_fail_conditions(lists).value(), lineage);
  return condition == nullptr ? "" : std::string(condition->name);
}

TEST(FailOn, FiresOnItsOwnClassOnly) {
  EXPECT_EQ(fired({"identical"}, LineageClass::identical), "identical");
  EXPECT_EQ(fired({"derived"}, LineageClass::derived), "derived");
  EXPECT_EQ(fired({"same-lineage"}, LineageClass::same_lineage), "same-lineage");
  EXPECT_EQ(fired({"shared-initialisation"}, LineageClass::shared_initialisation),
            "shared-initialisation");
  EXPECT_EQ(fired({"independent"}, LineageClass::independent), "independent");
  EXPECT_EQ(fired({"inconclusive"}, LineageClass::inconclusive), "inconclusive");
  EXPECT_EQ(fired({"identical,derived,same-lineage,inconclusive"}, LineageClass::independent), "");
  EXPECT_EQ(fired({}, LineageClass::identical), "");
}

TEST(FailOn, RelatedIsAnyPositiveClass) {
  EXPECT_EQ(fired({"related"}, LineageClass::identical), "related");
  EXPECT_EQ(fired({"related"}, LineageClass::derived), "related");
  EXPECT_EQ(fired({"related"}, LineageClass::same_lineage), "related");
  EXPECT_EQ(fired({"related"}, LineageClass::shared_initialisation), "");
  EXPECT_EQ(fired({"related"}, LineageClass::independent), "");
  EXPECT_EQ(fired({"related"}, LineageClass::inconclusive), "");
}

TEST(FailOn, AConflictOutweighsInconclusive) {
  EXPECT_EQ(fired({"inconclusive", "conflict"}, LineageClass::inconclusive, {"a claim is refuted"}),
            "conflict");
  EXPECT_EQ(fired({"conflict"}, LineageClass::independent), "");
}

TEST(FailOn, OnlyInconclusiveHasAnExitCodeOfItsOwn) {
  const auto conditions = parse_fail_conditions({"identical,derived,same-lineage,related",
                                                 "shared-initialisation,independent,conflict"})
                              .value();
  ASSERT_EQ(conditions.size(), 7u);
  for (const FailCondition* condition : conditions)
    EXPECT_EQ(condition->exit_code, ExitCode::condition_fired);
  EXPECT_EQ(parse_fail_conditions({"inconclusive"}).value().front()->exit_code,
            ExitCode::inconclusive);
}

TEST(FailOn, RefusesUnknownAndEmptyNames) {
  for (const char* list : {"", "derived,", ",derived", "Derived", "derived independent"}) {
    EXPECT_FALSE(parse_fail_conditions({list}).has_value()) << list;
  }
}

}  // namespace
}  // namespace prov::cli
