// Which models was a merged model made from, how, and with what weights?
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/compare.hpp"
#include "provenancekit/progress.hpp"
#include "provenancekit/result.hpp"
#include "provenancekit/verdict.hpp"

namespace prov {

/// How the child was made of its parents.
enum class MergeOperator {
  none,             // a single candidate explains the child
  linear,           // a weighted mean of the parents
  slerp,            // two parents mixed along the arc between them, tensor by tensor
  task_arithmetic,  // base plus weighted differences of the parents to it
  ties,             // base plus trimmed differences, one elected sign an element
  dare,             // base plus randomly dropped, rescaled differences
  dare_ties,        // the same with elected signs
  passthrough,      // whole layers of the parents stacked
  undetermined,     // several parents, or none, and no operator fits; the first reason says why
};
/// JSON text: "none", "linear", "slerp", "task-arithmetic", "ties", "dare", "dare-ties",
/// "passthrough", "undetermined".
std::string_view merge_operator_name(MergeOperator value);

/// What became of a candidate.
enum class CandidateStatus {
  base,            // the common ancestor: given, or found
  parent,          // explains a part of the child that nothing else explains
  not_needed,      // what it could explain is explained without it
  not_comparable,  // other shapes, or no weights that can be read
};
/// JSON text: "base", "parent", "not-needed", "not-comparable".
std::string_view candidate_status_name(CandidateStatus value);

/// An estimate by least squares.
struct Estimate {
  double value = 0;
  double standard_error = 0;  // >= 0; neighbouring elements count as one observation in ten
};

struct MergeCandidate {
  ModelSummary model;
  CandidateStatus status = CandidateStatus::not_needed;
  std::string why;  // one plain sentence
  /// Only of base and parents, as a recipe of the operator states it: in child = sum of weight *
  /// model; for slerp 1 - t of the first parent and t of the second.
  std::optional<Estimate> weight;
  std::optional<double> factor;               // in child = sum of factor * model, also for slerp
  std::optional<double> relative_difference;  // ||model - child|| / ||child||, sampled, >= 0
};

/// One step of the forward selection. Indices are those of Decomposition::candidates.
struct SelectionStep {
  std::size_t candidate = 0;
  double explained = 0;  // share of what was left over that this candidate takes away, [0, 1]
  double left = 0;       // ||what is left over||^2 / ||child||^2 after the step
  bool accepted = false;
  std::optional<std::size_t> runner_up;  // second best, and what it would have explained
  double runner_up_explained = 0;
};

/// Weights fitted on a part of the model: one layer, or all tensors of one kind.
struct MergePart {
  std::string name;            // "layer 3", "gate", "token_embedding"
  std::optional<int> layer;    // absent for a kind of tensor
  std::uint64_t elements = 0;  // sampled
  /// In part = sum of weight * model, also for slerp; one for each of Decomposition::terms; empty:
  /// not determined.
  std::vector<Estimate> weights;
  std::optional<double> gain;       // 1 - left over / left over by the best single parent, [0, 1]
  std::optional<double> explained;  // R^2: of child - base where a base is known, else of the child
  std::optional<double> t;          // slerp: place on the arc from the first parent to the second
};

struct TaskVectorCorrelation {
  std::size_t a = 0, b = 0;  // candidates
  double correlation = 0;    // cosine of (a - base) and (b - base), [-1, 1]
};

/// Layers [first, last] of a candidate, which stand in the child from `child_first` on.
struct MergeSlice {
  std::size_t candidate = 0;
  int first = 0, last = 0, child_first = 0;
  bool equal = false;             // every sampled value is equal
  double largest_difference = 0;  // of a layer, ||child - source|| / ||child||
};

/// A number that the answer rests on.
struct DecidingNumber {
  std::string name;     // stable id, e.g. "residual-in-roundings"
  std::string meaning;  // one plain sentence
  double value = 0;
};

struct Decomposition {
  ModelSummary child;
  std::vector<MergeCandidate> candidates;  // as given, the base of the options first
  std::optional<std::size_t> base;         // its index, if one was given or found
  bool base_given = false;
  std::vector<std::size_t> terms;  // what the child is a sum of: parents as found, then the base
  MergeOperator merge_operator = MergeOperator::undetermined;
  std::vector<std::string> reasons;  // one plain sentence each, the deciding one first
  std::vector<std::string> notes;    // warnings and limits of this answer
  std::vector<DecidingNumber> numbers;
  std::vector<SelectionStep> steps;
  std::optional<double> gain;       // as MergePart::gain, over the layers
  std::optional<double> explained;  // as MergePart::explained
  std::optional<double> t;          // slerp: mean over the tensors
  std::vector<MergePart> layers, modules;
  std::vector<TaskVectorCorrelation> correlations;  // of the parents, where a base is known
  std::vector<MergeSlice> slices;                   // passthrough
  std::vector<Measure> measures;                    // compared with lines, in a fixed order
  double total_seconds = 0;
};

struct DecomposeOptions {
  std::string base;              // reference of the common ancestor; empty: unknown
  Progress* progress = nullptr;  // may be null; must outlive the call
  std::stop_token stop;          // error `cancelled` soon after a stop is requested
};

/// Finds the parents of `child` among `candidates` (1 to 64, base included), their weights and the
/// operator. Candidates that are unrelated or of other shapes are reported, no error. Adapters are
/// merged onto their bases: options.base, else the candidate or the model in the Hub's cache that
/// they name, else the only candidate that is no adapter; without one not_found. Reads a
/// sample of each tensor; memory does not grow with the models. Deterministic: thread count and CPU
/// do not change a number. Thread-safe. Errors: those of opening and reading; invalid_argument for
/// no candidate or too many.
Result<Decomposition> decompose(std::string_view child, std::span<const std::string> candidates,
                                const DecomposeOptions& options = {});

}  // namespace prov
