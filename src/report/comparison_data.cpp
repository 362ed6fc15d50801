// The data tree of a comparison: first every key of the published kit in its order, then ours.
// schema/compare-1.schema.json describes each key.
#include "provenancekit/version.hpp"
#include "report/comparison_document.hpp"
#include "report/data_building.hpp"
#include "report/lineage_data.hpp"

namespace prov::report {
namespace {

DataValue kit_signals(const KitSignals& signals) {
  return {DataValue::Object{{"eas", data_real_or_null(signals.eas)},
                            {"nlf", data_real_or_null(signals.nlf)},
                            {"lep", data_real_or_null(signals.lep)},
                            {"end", data_real_or_null(signals.end)},
                            {"wvc", data_real_or_null(signals.wvc)},
                            {"tfv", data_real_or_null(signals.tfv)},
                            {"voa", data_real_or_null(signals.voa)}}};
}

DataValue kit_scores(const KitScores& scores) {
  return {DataValue::Object{{"mfi_score", data_real(scores.mfi_score)},
                            {"mfi_tier", data_integer(scores.mfi_tier)},
                            {"mfi_match", data_text(scores.mfi_match)},
                            {"identity_score", data_real_or_null(scores.identity_score)},
                            {"tokenizer_score", data_real(scores.tokenizer_score)},
                            {"pipeline_score", data_real(scores.pipeline_score)},
                            {"provenance_decision", data_text(scores.provenance_decision)}}};
}

DataValue timing_data(const Timing& timing) {
  return {DataValue::Object{
      {"total_seconds", data_seconds(timing.total_seconds)},
      {"metadata_extract_seconds", data_seconds(timing.metadata_extract_seconds)},
      {"weight_feature_extract_seconds", data_seconds(timing.weight_feature_extract_seconds)},
      {"cache_hit", data_text("False")}}};  // a text in the kit; nothing is cached by this version
}

}  // namespace

DataValue comparison_data(const Comparison& comparison) {
  return {DataValue::Object{
      {"model_a", data_text(comparison.a.reference)},
      {"model_b", data_text(comparison.b.reference)},
      {"signals", kit_signals(comparison.signals)},
      {"scores", kit_scores(comparison.scores)},
      {"interpretation",
       {DataValue::Object{{"label", data_text(comparison.scores.label)},
                          {"colour", data_text(comparison.scores.colour)}}}},
      {"time_seconds", data_seconds(comparison.timing.total_seconds)},
      {"timing", timing_data(comparison.timing)},
      {"schema_version", data_integer(kCompareSchemaVersion)},
      {"tool_version", data_text(kVersion)},
      {"depth", data_text(depth_name(comparison.depth))},
      {"lineage", lineage_data(comparison.lineage)},
      {"models",
       {DataValue::Object{{"a", model_data(comparison.a)}, {"b", model_data(comparison.b)}}}}}};
}

}  // namespace prov::report
