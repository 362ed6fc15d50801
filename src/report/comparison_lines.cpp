// The "key: value" lines of a comparison: first those of the published kit, to the space, then
// ours.
#include <fmt/format.h>

#include "base/printable.hpp"
#include "report/comparison_document.hpp"
#include "report/number_text.hpp"

namespace prov::report {
namespace {

using base::printable;

constexpr unsigned kKitColumn = 17;        // where the kit's values begin
constexpr unsigned kKitTimingColumn = 30;  // the same for the lines of --timing
constexpr int kDigits = 6;                 // significant digits of our own numbers

class LineList {
 public:
  void kit(std::string key, std::string value) {
    add(std::move(key), std::move(value), kKitColumn);
  }
  void kit_timing(std::string key, std::string value) {
    add(std::move(key), std::move(value), kKitTimingColumn);
  }
  void ours(std::string key, std::string value) { add(std::move(key), std::move(value), 0); }
  void ours(std::string key, std::uint64_t value) {
    ours(std::move(key), fmt::format("{}", value));
  }
  void ours(std::string key, std::optional<double> value) {
    ours(std::move(key), significant(value, kDigits));
  }
  /// `<key>_1`, `<key>_2`, ...
  void numbered(std::string_view key, const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      ours(fmt::format("{}_{}", key, i + 1), printable(values[i]));
  }
  std::vector<Line> take() && { return std::move(lines_); }

 private:
  void add(std::string key, std::string value, unsigned column) {
    lines_.push_back({std::move(key), std::move(value), column});
  }
  std::vector<Line> lines_;
};

void add_kit_scores(LineList& lines, const KitScores& scores) {
  lines.kit("pipeline_score", fixed(scores.pipeline_score, 4));
  lines.kit("verdict", scores.label);
  lines.kit("mfi_score", fixed(scores.mfi_score, 4));
  lines.kit("mfi_tier", fmt::format("{}", scores.mfi_tier));
  lines.kit("mfi_match", scores.mfi_match);
  lines.kit("identity_score", fixed(scores.identity_score, 4));
  lines.kit("tokenizer_score", fixed(scores.tokenizer_score, 4));
}

void add_kit_signals(LineList& lines, const KitSignals& signals) {
  lines.kit("eas", fixed(signals.eas, 4));
  lines.kit("nlf", fixed(signals.nlf, 4));
  lines.kit("lep", fixed(signals.lep, 4));
  lines.kit("end", fixed(signals.end, 4));
  lines.kit("wvc", fixed(signals.wvc, 4));
  lines.kit("tfv", fixed(signals.tfv, 4));
  lines.kit("voa", fixed(signals.voa, 4));
}

void add_timing(LineList& lines, const Timing& timing) {
  lines.kit_timing("total_time_s", fixed(timing.total_seconds, 1));
  // The kit's own label is one space longer than the others.
  lines.kit_timing("metadata_extract_time_s", ' ' + fixed(timing.metadata_extract_seconds, 1));
  lines.kit_timing("weight_feature_extract_time_s",
                   fixed(timing.weight_feature_extract_seconds, 1));
  lines.kit_timing("cache_hit", "False");
}

void add_evidence(LineList& lines, const std::vector<Evidence>& evidence) {
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const std::string prefix = fmt::format("evidence_{}_", i + 1);
    lines.ours(prefix + "test", printable(evidence[i].test));
    lines.ours(prefix + "status", printable(evidence[i].status));
    lines.ours(prefix + "summary", printable(evidence[i].summary));
    lines.ours(prefix + "value", evidence[i].value);
    lines.ours(prefix + "z", evidence[i].z);
    lines.ours(prefix + "log10_p", evidence[i].log10_p);
    lines.ours(prefix + "n", evidence[i].n);
    lines.ours(prefix + "background",
               evidence[i].background.empty() ? "N/A" : printable(evidence[i].background));
  }
}

void add_agreement(LineList& lines, const std::vector<RoleAgreement>& agreement) {
  for (std::size_t i = 0; i < agreement.size(); ++i) {
    const std::string prefix = fmt::format("agreement_{}_", i + 1);
    lines.ours(prefix + "role", printable(agreement[i].role));
    lines.ours(prefix + "tensors", agreement[i].tensors);
    lines.ours(prefix + "mismatched_shapes", agreement[i].mismatched_shapes);
    lines.ours(prefix + "cosine", agreement[i].cosine);
    lines.ours(prefix + "relative_difference", agreement[i].relative_difference);
    lines.ours(prefix + "identical_share", agreement[i].identical_share);
    lines.ours(prefix + "equal_content", agreement[i].equal_content);
  }
}

void add_operations(LineList& lines, const std::vector<Operation>& operations) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const std::string prefix = fmt::format("operation_{}_", i + 1);
    lines.ours(prefix + "kind", printable(operations[i].kind));
    lines.ours(prefix + "detail", printable(operations[i].detail));
    lines.ours(prefix + "value", operations[i].value);
  }
}

std::string layer_list(const std::vector<int>& layers) {
  return layers.empty() ? "none" : fmt::format("{}", fmt::join(layers, ","));
}

/// One line a layer of B: source, likeness, z.
void add_layer_map(LineList& lines, const LayerMap& map) {
  lines.ours("layer_map_basis", printable(map.basis));
  lines.ours("layer_map_identity", std::string(map.identity ? "true" : "false"));
  lines.ours("layer_map_repeated", layer_list(map.repeated));
  lines.ours("layer_map_unused", layer_list(map.unused));
  lines.ours("layer_map_jumps", layer_list(map.jumps));
  for (const LayerOrigin& origin : map.origins) {
    const std::string expert = origin.expert ? fmt::format("_expert_{}", *origin.expert) : "";
    lines.ours(fmt::format("layer_{}{}", origin.layer, expert),
               origin.source_layer ? fmt::format("{} {} {}", *origin.source_layer,
                                                 fixed(origin.effect, 4), fixed(origin.z, 1))
                                   : "none");
  }
}

void add_lineage(LineList& lines, const Lineage& lineage) {
  lines.ours("lineage_class", std::string(lineage_class_name(lineage.lineage_class)));
  lines.ours("lineage_relation", lineage.relation ? printable(*lineage.relation) : "N/A");
  lines.ours("lineage_direction", std::string(direction_name(lineage.direction)));
  lines.ours("lineage_probability", lineage.probability);
  lines.numbered("lineage_reason", lineage.reasons);
  lines.numbered("lineage_conflict", lineage.conflicts);
  add_operations(lines, lineage.operations);
  add_evidence(lines, lineage.evidence);
  add_layer_map(lines, lineage.layer_map);
  add_agreement(lines, lineage.agreement);
}

void add_model(LineList& lines, const std::string& prefix, const ModelSummary& model) {
  lines.ours(prefix + "type", printable(model.model_type));
  lines.ours(prefix + "architecture",
             model.architecture.empty() ? "N/A" : printable(model.architecture));
  lines.ours(prefix + "tensors", model.tensors);
  lines.ours(prefix + "parameters", model.parameters);
  lines.ours(prefix + "bytes", model.bytes);
  lines.ours(prefix + "unexplained_tensors", std::uint64_t{model.unexplained.size()});
  lines.numbered(prefix + "note", model.notes);
}

}  // namespace

std::vector<Line> comparison_lines(const Comparison& comparison, bool timing) {
  LineList lines;
  lines.kit("model_a", printable(comparison.a.reference));
  lines.kit("model_b", printable(comparison.b.reference));
  add_kit_scores(lines, comparison.scores);
  add_kit_signals(lines, comparison.signals);
  lines.kit("provenance_decision", comparison.scores.provenance_decision);
  lines.kit("time_seconds", fixed(comparison.timing.total_seconds, 1));
  if (timing) add_timing(lines, comparison.timing);
  add_lineage(lines, comparison.lineage);
  lines.ours("depth", std::string(depth_name(comparison.depth)));
  add_model(lines, "model_a_", comparison.a);
  add_model(lines, "model_b_", comparison.b);
  return std::move(lines).take();
}

}  // namespace prov::report
