// From evidence to the name of an operator, with reasons in plain words. Rules: docs/decompose.md.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "provenancekit/decompose.hpp"
#include "verdict/merge_evidence.hpp"

namespace prov::verdict {

struct OperatorFinding {
  MergeOperator merge_operator = MergeOperator::undetermined;
  std::vector<std::string> reasons;  // at least one
  std::vector<std::string> notes;
  std::vector<DecidingNumber> numbers;
  std::vector<MergeSlice> slices;  // passthrough, and a copy
};

/// Pure. `names` are the candidates as the user typed them.
OperatorFinding name_operator(const MergeEvidence& evidence, std::span<const std::string> names);

}  // namespace prov::verdict
