// The data tree of a comparison: first every key of the published kit in its order, then ours.
// schema/compare-1.schema.json describes each key.
#include "numeric/rounding.hpp"
#include "provenancekit/version.hpp"
#include "report/comparison_document.hpp"

namespace prov::report {
namespace {

DataValue text(std::string_view value) { return {std::string(value)}; }
DataValue text_or_null(std::string_view value) { return value.empty() ? DataValue{} : text(value); }
DataValue real(double value) { return {value}; }
DataValue seconds(double value) { return real(numeric::round_half_even_decimal(value, 3)); }
DataValue real_or_null(std::optional<double> value) { return value ? real(*value) : DataValue{}; }
DataValue count(std::uint64_t value) { return {value}; }
DataValue integer(std::int64_t value) { return {value}; }

template <class Item, class Convert>
DataValue list(const std::vector<Item>& items, Convert convert) {
  DataValue::List values;
  values.reserve(items.size());
  for (const Item& item : items) values.push_back(convert(item));
  return {std::move(values)};
}

DataValue texts(const std::vector<std::string>& items) {
  return list(items, [](const std::string& item) { return text(item); });
}

DataValue kit_signals(const KitSignals& signals) {
  return {DataValue::Object{{"eas", real_or_null(signals.eas)},
                            {"nlf", real_or_null(signals.nlf)},
                            {"lep", real_or_null(signals.lep)},
                            {"end", real_or_null(signals.end)},
                            {"wvc", real_or_null(signals.wvc)},
                            {"tfv", real_or_null(signals.tfv)},
                            {"voa", real_or_null(signals.voa)}}};
}

DataValue kit_scores(const KitScores& scores) {
  return {DataValue::Object{{"mfi_score", real(scores.mfi_score)},
                            {"mfi_tier", integer(scores.mfi_tier)},
                            {"mfi_match", text(scores.mfi_match)},
                            {"identity_score", real_or_null(scores.identity_score)},
                            {"tokenizer_score", real(scores.tokenizer_score)},
                            {"pipeline_score", real(scores.pipeline_score)},
                            {"provenance_decision", text(scores.provenance_decision)}}};
}

DataValue timing_data(const Timing& timing) {
  return {DataValue::Object{
      {"total_seconds", seconds(timing.total_seconds)},
      {"metadata_extract_seconds", seconds(timing.metadata_extract_seconds)},
      {"weight_feature_extract_seconds", seconds(timing.weight_feature_extract_seconds)},
      {"cache_hit", text("False")}}};  // a text in the kit; nothing is cached by this version
}

DataValue evidence_data(const Evidence& evidence) {
  return {DataValue::Object{{"test", text(evidence.test)},
                            {"summary", text(evidence.summary)},
                            {"value", real_or_null(evidence.value)},
                            {"z", real_or_null(evidence.z)},
                            {"log10_p", real_or_null(evidence.log10_p)},
                            {"null", text(evidence.null_hypothesis)},
                            {"axis", text(evidence.axis)},
                            {"n", count(evidence.n)},
                            {"background", text(evidence.background)},
                            {"status", text(evidence.status)}}};
}

DataValue agreement_data(const RoleAgreement& agreement) {
  return {DataValue::Object{{"role", text(agreement.role)},
                            {"tensors", count(agreement.tensors)},
                            {"mismatched_shapes", count(agreement.mismatched_shapes)},
                            {"cosine", real_or_null(agreement.cosine)},
                            {"relative_difference", real_or_null(agreement.relative_difference)},
                            {"identical_share", real_or_null(agreement.identical_share)},
                            {"equal_content", count(agreement.equal_content)}}};
}

DataValue integer_or_null(std::optional<int> value) {
  return value ? integer(*value) : DataValue{};
}

DataValue operation_data(const Operation& operation) {
  return {DataValue::Object{{"kind", text(operation.kind)},
                            {"detail", text(operation.detail)},
                            {"value", real_or_null(operation.value)}}};
}

DataValue measures_data(const std::vector<Measure>& measures) {
  DataValue::Object numbers;
  for (const Measure& measure : measures)
    numbers.emplace_back(measure.name, real_or_null(measure.value));
  return {std::move(numbers)};
}

DataValue origin_data(const LayerOrigin& origin) {
  return {DataValue::Object{{"layer", integer(origin.layer)},
                            {"expert", integer_or_null(origin.expert)},
                            {"source_layer", integer_or_null(origin.source_layer)},
                            {"source_expert", integer_or_null(origin.source_expert)},
                            {"effect", real(origin.effect)},
                            {"z", real(origin.z)}}};
}

DataValue layer_map_data(const LayerMap& map) {
  const auto layers = [](const std::vector<int>& items) {
    return list(items, [](int layer) { return integer(layer); });
  };
  return {DataValue::Object{{"basis", text(map.basis)},
                            {"complete", {map.complete}},
                            {"identity", {map.identity}},
                            {"repeated", layers(map.repeated)},
                            {"unused", layers(map.unused)},
                            {"jumps", layers(map.jumps)},
                            {"layers", list(map.origins, origin_data)}}};
}

DataValue lineage_data(const Lineage& lineage) {
  return {DataValue::Object{{"class", text(lineage_class_name(lineage.lineage_class))},
                            {"relation", text_or_null(lineage.relation.value_or(""))},
                            {"direction", text(direction_name(lineage.direction))},
                            {"probability", real_or_null(lineage.probability)},
                            {"reasons", texts(lineage.reasons)},
                            {"conflicts", texts(lineage.conflicts)},
                            {"evidence", list(lineage.evidence, evidence_data)},
                            {"agreement", list(lineage.agreement, agreement_data)},
                            {"operations", list(lineage.operations, operation_data)},
                            {"measures", measures_data(lineage.measures)},
                            {"layer_map", layer_map_data(lineage.layer_map)}}};
}

DataValue model_data(const ModelSummary& model) {
  return {DataValue::Object{{"reference", text(model.reference)},
                            {"model_type", text(model.model_type)},
                            {"architecture", text_or_null(model.architecture)},
                            {"tensors", count(model.tensors)},
                            {"parameters", count(model.parameters)},
                            {"bytes", count(model.bytes)},
                            {"unexplained", texts(model.unexplained)},
                            {"notes", texts(model.notes)}}};
}

}  // namespace

DataValue comparison_data(const Comparison& comparison) {
  return {DataValue::Object{
      {"model_a", text(comparison.a.reference)},
      {"model_b", text(comparison.b.reference)},
      {"signals", kit_signals(comparison.signals)},
      {"scores", kit_scores(comparison.scores)},
      {"interpretation",
       {DataValue::Object{{"label", text(comparison.scores.label)},
                          {"colour", text(comparison.scores.colour)}}}},
      {"time_seconds", seconds(comparison.timing.total_seconds)},
      {"timing", timing_data(comparison.timing)},
      {"schema_version", integer(kCompareSchemaVersion)},
      {"tool_version", text(kVersion)},
      {"depth", text(depth_name(comparison.depth))},
      {"lineage", lineage_data(comparison.lineage)},
      {"models",
       {DataValue::Object{{"a", model_data(comparison.a)}, {"b", model_data(comparison.b)}}}}}};
}

}  // namespace prov::report
