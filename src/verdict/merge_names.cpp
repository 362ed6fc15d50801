#include "provenancekit/decompose.hpp"

namespace prov {

std::string_view merge_operator_name(MergeOperator value) {
  switch (value) {
    case MergeOperator::none:
      return "none";
    case MergeOperator::linear:
      return "linear";
    case MergeOperator::slerp:
      return "slerp";
    case MergeOperator::task_arithmetic:
      return "task-arithmetic";
    case MergeOperator::ties:
      return "ties";
    case MergeOperator::dare:
      return "dare";
    case MergeOperator::dare_ties:
      return "dare-ties";
    case MergeOperator::passthrough:
      return "passthrough";
    case MergeOperator::undetermined:
      return "undetermined";
  }
  return "undetermined";
}

std::string_view candidate_status_name(CandidateStatus value) {
  switch (value) {
    case CandidateStatus::base:
      return "base";
    case CandidateStatus::parent:
      return "parent";
    case CandidateStatus::not_needed:
      return "not-needed";
    case CandidateStatus::not_comparable:
      return "not-comparable";
  }
  return "not-comparable";
}

}  // namespace prov
