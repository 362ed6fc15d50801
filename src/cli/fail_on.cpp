#include "cli/fail_on.hpp"

#include <algorithm>
#include <array>

#include "cli/invalid_choice.hpp"
#include "cli/name_lists.hpp"

namespace prov::cli {
namespace {

template <LineageClass value>
bool is_class(const Lineage& lineage) {
  return lineage.lineage_class == value;
}

bool is_related(const Lineage& lineage) {
  return is_class<LineageClass::identical>(lineage) || is_class<LineageClass::derived>(lineage) ||
         is_class<LineageClass::same_lineage>(lineage);
}

bool has_conflict(const Lineage& lineage) { return !lineage.conflicts.empty(); }

constexpr std::array kConditions = {
    FailCondition{"identical", is_class<LineageClass::identical>, ExitCode::condition_fired},
    FailCondition{"derived", is_class<LineageClass::derived>, ExitCode::condition_fired},
    FailCondition{"same-lineage", is_class<LineageClass::same_lineage>, ExitCode::condition_fired},
    FailCondition{"related", is_related, ExitCode::condition_fired},
    FailCondition{"shared-initialisation", is_class<LineageClass::shared_initialisation>,
                  ExitCode::condition_fired},
    FailCondition{"independent", is_class<LineageClass::independent>, ExitCode::condition_fired},
    FailCondition{"conflict", has_conflict, ExitCode::condition_fired},
    FailCondition{"inconclusive", is_class<LineageClass::inconclusive>, ExitCode::inconclusive},
};

const FailCondition* find_condition(std::string_view name) {
  for (const FailCondition& condition : kConditions) {
    if (condition.name == name) return &condition;
  }
  return nullptr;
}

Error unknown_condition(std::string_view name) {
  std::array<std::string_view, kConditions.size()> names;
  std::transform(kConditions.begin(), kConditions.end(), names.begin(),
                 [](const FailCondition& condition) { return condition.name; });
  return {.code = ErrorCode::invalid_argument, .message = invalid_choice("--fail-on", name, names)};
}

}  // namespace

Result<std::vector<const FailCondition*>> parse_fail_conditions(
    const std::vector<std::string>& lists) {
  std::vector<const FailCondition*> conditions;
  for (const std::string& name : names_in(lists)) {
    const FailCondition* condition = find_condition(name);
    if (condition == nullptr) return unknown_condition(name);
    conditions.push_back(condition);
  }
  return conditions;
}

const FailCondition* fired_condition(std::span<const FailCondition* const> wanted,
                                     const Lineage& lineage) {
  const FailCondition* fired = nullptr;
  for (const FailCondition* condition : wanted) {
    if (!condition->holds(lineage)) continue;
    if (condition->exit_code == ExitCode::condition_fired) return condition;
    fired = condition;
  }
  return fired;
}

}  // namespace prov::cli
