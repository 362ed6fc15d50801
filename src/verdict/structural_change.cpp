#include "verdict/structural_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "verdict/lineage_summary.hpp"
#include "verdict/lineage_thresholds.hpp"
#include "verdict/measured_matrices.hpp"

namespace prov::verdict {
namespace {

using forensics::ForensicEvidence;
using forensics::LayerCorrespondence;
using forensics::LayerSource;
using model::MlpPlace;

/// One way to look at the map: which MLPs of `child` come from which of `parent`.
struct Side {
  const std::vector<MlpPlace>& parent;
  const std::vector<MlpPlace>& child;
  const std::vector<LayerSource>& origins;  // of child
  const std::vector<LayerSource>& answers;  // of parent
  char parent_letter, child_letter;
  Direction direction;
};

/// How alike the parts are that both models have: mean likeness of mapped layers, or the
/// coordinates of the residual stream where units were matched only in part.
double likeness_of_shared_parts(const ForensicEvidence& evidence) {
  if (evidence.layers.basis != forensics::MapBasis::order)
    return evidence.residual.test ? evidence.residual.test->cosine : 0;
  return mean_likeness(evidence.layers);
}

/// The change of structure tells which model it was made to. That it was made to this very model,
/// and not to a relative of it, takes parts that are all but equal.
void settle_direction(Finding& finding, const ForensicEvidence& evidence) {
  const double likeness = likeness_of_shared_parts(evidence);
  const bool forward = finding.direction == Direction::a_to_b;
  const bool moved = attention_moved(evidence);
  if (finding.direction == Direction::undetermined || (likeness >= kDirectCosine && !moved)) return;
  leave_open(finding);
  finding.operation.detail += fmt::format(
      "; {} was not made from {}, but whether {} was made from {} or from a relative of it stays "
      "open ({})",
      forward ? 'A' : 'B', forward ? 'B' : 'A', forward ? 'B' : 'A', forward ? 'A' : 'B',
      moved ? "the matrices of attention differ"
            : fmt::format("likeness of the shared parts {:.4f}", likeness));
}

std::set<int> layers_of(const std::vector<MlpPlace>& places) {
  std::set<int> layers;
  for (const MlpPlace& place : places) layers.insert(place.layer);
  return layers;
}

/// Layers of the child by the layer of the parent that they come from.
std::map<int, std::set<int>> users(const Side& side) {
  std::map<int, std::set<int>> result;
  for (std::size_t j = 0; j < side.child.size(); ++j) {
    if (const auto& source = side.origins[j].source)
      result[side.parent[*source].layer].insert(side.child[j].layer);
  }
  return result;
}

std::string list(const std::vector<int>& layers) {
  return fmt::format("{}", fmt::join(layers, ", "));
}

bool all_have_sources(const Side& side) {
  return std::ranges::all_of(side.origins,
                             [](const LayerSource& origin) { return origin.source.has_value(); });
}

/// Two layers of the child are copies of one layer of the parent: two trainings never make that.
std::optional<Finding> find_upscaling(const Side& side) {
  std::vector<int> repeated;
  for (const auto& [layer, copies] : users(side)) {
    if (copies.size() > 1) repeated.push_back(layer);
  }
  if (repeated.empty() || !all_have_sources(side) ||
      layers_of(side.child).size() <= layers_of(side.parent).size())
    return std::nullopt;
  return Finding{
      {"upscaled",
       fmt::format(
           "{} layers of {} were made from {} layers of {}; layers {} of {} occur more than "
           "once",
           layers_of(side.child).size(), side.child_letter, layers_of(side.parent).size(),
           side.parent_letter, list(repeated), side.parent_letter),
       static_cast<double>(repeated.size())},
      side.direction,
      fmt::format("{} holds copies of layers that {} holds once: layers are repeated when a model "
                  "is grown, and nothing else makes them alike.",
                  side.child_letter, side.parent_letter)};
}

/// A grown model some of whose layers are exact copies while others differ: stitched from A and a
/// relative of it. Training after the growth would have moved all of them.
bool stitched_from_relatives(const ForensicEvidence& evidence) {
  std::map<int, bool> exact;  // layer of B: every measured matrix is equal
  for (const forensics::MatrixChange& change : evidence.changes.matrices) {
    const bool equal = change.pattern && change.pattern->equal == 1;
    const auto [place, inserted] = exact.emplace(change.layer_b, equal);
    place->second = place->second && equal;
  }
  const auto copies = std::ranges::count_if(exact, [](const auto& entry) { return entry.second; });
  return copies > 0 && static_cast<std::size_t>(copies) < exact.size();
}

/// Several experts of one layer are copies of one dense MLP.
std::optional<Finding> find_upcycling(const Side& side) {
  std::map<std::pair<int, std::size_t>, std::set<int>> experts;  // child layer, parent MLP
  for (std::size_t j = 0; j < side.child.size(); ++j) {
    const auto& source = side.origins[j].source;
    if (!source || side.child[j].expert < 0 || side.parent[*source].expert >= 0) continue;
    experts[{side.child[j].layer, *source}].insert(side.child[j].expert);
  }
  std::set<int> layers;
  for (const auto& [place, copies] : experts) {
    if (copies.size() > 1) layers.insert(place.first);
  }
  if (layers.empty()) return std::nullopt;
  return Finding{
      {"upcycled",
       fmt::format("in {} layers of {} several experts are copies of one dense MLP of {}",
                   layers.size(), side.child_letter, side.parent_letter),
       static_cast<double>(layers.size())},
      side.direction,
      fmt::format("The experts of {} are copies of what {} holds once.", side.child_letter,
                  side.parent_letter)};
}

/// Every layer of the child has one source, in ascending order; the parent's other layers are like
/// nothing in the child, so they are no copies that were added.
std::optional<Finding> find_depth_pruning(const Side& side) {
  const auto used = users(side);
  const auto parent_layers = layers_of(side.parent), child_layers = layers_of(side.child);
  if (used.size() != child_layers.size() || parent_layers.size() <= child_layers.size())
    return std::nullopt;
  int last = -1;
  for (const auto& [layer, copies] : used) {
    if (copies.size() != 1 || *copies.begin() <= last) return std::nullopt;
    last = *copies.begin();
  }
  std::vector<int> dropped;
  for (int layer : parent_layers) {
    if (!used.contains(layer)) dropped.push_back(layer);
  }
  for (std::size_t i = 0; i < side.parent.size(); ++i) {
    if (!used.contains(side.parent[i].layer) && side.answers[i].source) return std::nullopt;
  }
  return Finding{
      {"pruned",
       fmt::format("depth: layers {} of {} are missing in {}, the others stand in their order",
                   list(dropped), side.parent_letter, side.child_letter),
       static_cast<double>(dropped.size())},
      side.direction,
      fmt::format("The layers that only {} has are no copies of others, as a grown model's would "
                  "be: they were dropped.",
                  side.parent_letter)};
}

/// Some layers come from the other model, the rest is like nothing in it.
std::optional<Finding> find_stitching(const ForensicEvidence& evidence) {
  const LayerCorrespondence& layers = evidence.layers;
  if (layers.basis != forensics::MapBasis::order || !layers.complete) return std::nullopt;
  const std::size_t in_a = layers.found_in_a(), in_b = layers.found_in_b();
  if (in_a == layers.places_a.size() || in_b == layers.places_b.size()) return std::nullopt;
  std::vector<int> own;
  for (std::size_t j = 0; j < layers.of_b.size(); ++j) {
    if (!layers.of_b[j].source) own.push_back(layers.places_b[j].layer);
  }
  return Finding{{"merged",
                  fmt::format("passthrough: {} of {} layers of B are in A, layers {} come from "
                              "elsewhere",
                              in_b, layers.places_b.size(), list(own)),
                  static_cast<double>(in_b)},
                 Direction::undetermined,
                 ""};
}

std::optional<Finding> find_width_pruning(const ForensicEvidence& evidence) {
  if (evidence.layers.basis != forensics::MapBasis::units_raw &&
      evidence.layers.basis != forensics::MapBasis::units_recovered &&
      evidence.layers.basis != forensics::MapBasis::units_tokens &&
      evidence.layers.basis != forensics::MapBasis::units_aligned)
    return std::nullopt;
  const std::uint64_t a = evidence.a.hidden_units, b = evidence.b.hidden_units;
  const std::uint64_t width_a = evidence.a.width, width_b = evidence.b.width;
  if (a == 0 || b == 0 || (a == b && width_a == width_b)) return std::nullopt;
  const bool b_smaller = b <= a && width_b <= width_a, a_smaller = a <= b && width_a <= width_b;
  if (b_smaller == a_smaller) return std::nullopt;
  const char parent = b_smaller ? 'A' : 'B', child = b_smaller ? 'B' : 'A';
  return Finding{
      {"pruned",
       fmt::format("width: {} hidden units a layer in A, {} in B, {} and {} residual coordinates; "
                   "the strongest units of {} are units of {}",
                   a, b, width_a, width_b, child, parent),
       static_cast<double>(std::min(a, b)) / static_cast<double>(std::max(a, b))},
      b_smaller ? Direction::a_to_b : Direction::b_to_a,
      fmt::format("The units of {} are found in {}, each once; a model that was widened would hold "
                  "its units more than once.",
                  child, parent)};
}

std::optional<Finding> find_vocabulary_change(const ForensicEvidence& evidence) {
  const forensics::VocabularyChange& change = evidence.vocabulary;
  if (!change.known) return std::nullopt;
  const double cosine = evidence.tokens.mean_cosine.value_or(0);
  const bool rows_agree = cosine >= kEmbeddingsKept;
  if (change.b_appends && change.rows_b > change.rows_a && rows_agree) {
    return Finding{{"vocabulary-extended",
                    fmt::format("B has all {} tokens of A at their ids and {} more behind them",
                                change.tokens_a, change.tokens_b - change.tokens_a),
                    static_cast<double>(change.tokens_b - change.tokens_a)},
                   Direction::a_to_b,
                   "B has rows appended to the vocabulary of A."};
  }
  if (change.a_appends && change.rows_a > change.rows_b && rows_agree) {
    return Finding{{"vocabulary-extended",
                    fmt::format("A has all {} tokens of B at their ids and {} more behind them",
                                change.tokens_b, change.tokens_a - change.tokens_b),
                    static_cast<double>(change.tokens_a - change.tokens_b)},
                   Direction::b_to_a,
                   "A has rows appended to the vocabulary of B."};
  }
  const double common =
      static_cast<double>(change.common) /
      static_cast<double>(std::max<std::uint64_t>(1, std::min(change.tokens_a, change.tokens_b)));
  const bool swapped = evidence.tokens.geometry_by_id.value_or(0) > kTokensLaidOut;
  if (common < kTokensCommon && !rows_agree && !swapped) {
    return Finding{{"vocabulary-replaced",
                    fmt::format("the tokenizers share {:.0f} % of their tokens, whose embeddings "
                                "have a mean cosine of {:.3f}",
                                100 * common, cosine),
                    common},
                   Direction::undetermined,
                   ""};
  }
  return std::nullopt;
}

void add(std::vector<Finding>& findings, std::optional<Finding> finding) {
  if (finding) findings.push_back(*std::move(finding));
}

}  // namespace

void leave_open(Finding& finding) {
  if (finding.direction == Direction::undetermined) return;
  finding.excluded = finding.direction == Direction::a_to_b ? Direction::b_to_a : Direction::a_to_b;
  finding.direction = Direction::undetermined;
  finding.proof.clear();
}

std::vector<Finding> find_structural_changes(const ForensicEvidence& evidence) {
  const LayerCorrespondence& layers = evidence.layers;
  std::vector<Finding> findings;
  if (layers.basis != forensics::MapBasis::none) {
    const Side forward{layers.places_a,  layers.places_b, layers.of_b, layers.of_a, 'A', 'B',
                       Direction::a_to_b};
    const Side backward{layers.places_b,  layers.places_a, layers.of_a, layers.of_b, 'B', 'A',
                        Direction::b_to_a};
    for (const Side& side : {forward, backward}) add(findings, find_upcycling(side));
    if (layers.complete) {
      for (const Side& side : {forward, backward}) add(findings, find_upscaling(side));
      if (!findings.empty() && findings.back().operation.kind == "upscaled" &&
          stitched_from_relatives(evidence)) {
        findings.back().operation.kind = "merged";
        findings.back().operation.detail +=
            " (passthrough: some layers are exact copies, others those of a relative)";
      }
      add(findings, find_stitching(evidence));
      for (const Side& side : {forward, backward}) add(findings, find_depth_pruning(side));
    }
    add(findings, find_width_pruning(evidence));
  }
  add(findings, find_vocabulary_change(evidence));
  for (Finding& finding : findings) settle_direction(finding, evidence);
  return findings;
}

}  // namespace prov::verdict
