#include "report/lineage_data.hpp"

#include "report/data_building.hpp"

namespace prov::report {
namespace {

DataValue evidence_data(const Evidence& evidence) {
  return {DataValue::Object{{"test", data_text(evidence.test)},
                            {"summary", data_text(evidence.summary)},
                            {"value", data_real_or_null(evidence.value)},
                            {"z", data_real_or_null(evidence.z)},
                            {"log10_p", data_real_or_null(evidence.log10_p)},
                            {"null", data_text(evidence.null_hypothesis)},
                            {"axis", data_text(evidence.axis)},
                            {"n", data_count(evidence.n)},
                            {"background", data_text(evidence.background)},
                            {"status", data_text(evidence.status)}}};
}

DataValue agreement_data(const RoleAgreement& agreement) {
  return {
      DataValue::Object{{"role", data_text(agreement.role)},
                        {"tensors", data_count(agreement.tensors)},
                        {"mismatched_shapes", data_count(agreement.mismatched_shapes)},
                        {"cosine", data_real_or_null(agreement.cosine)},
                        {"relative_difference", data_real_or_null(agreement.relative_difference)},
                        {"identical_share", data_real_or_null(agreement.identical_share)},
                        {"equal_content", data_count(agreement.equal_content)}}};
}

DataValue integer_or_null(std::optional<int> value) {
  return value ? data_integer(*value) : DataValue{};
}

DataValue operation_data(const Operation& operation) {
  return {DataValue::Object{{"kind", data_text(operation.kind)},
                            {"detail", data_text(operation.detail)},
                            {"value", data_real_or_null(operation.value)}}};
}

DataValue origin_data(const LayerOrigin& origin) {
  return {DataValue::Object{{"layer", data_integer(origin.layer)},
                            {"expert", integer_or_null(origin.expert)},
                            {"source_layer", integer_or_null(origin.source_layer)},
                            {"source_expert", integer_or_null(origin.source_expert)},
                            {"effect", data_real(origin.effect)},
                            {"z", data_real(origin.z)}}};
}

DataValue layer_map_data(const LayerMap& map) {
  const auto layers = [](const std::vector<int>& items) {
    return data_list(items, [](int layer) { return data_integer(layer); });
  };
  return {DataValue::Object{{"basis", data_text(map.basis)},
                            {"complete", {map.complete}},
                            {"identity", {map.identity}},
                            {"repeated", layers(map.repeated)},
                            {"unused", layers(map.unused)},
                            {"jumps", layers(map.jumps)},
                            {"layers", data_list(map.origins, origin_data)}}};
}

}  // namespace

DataValue lineage_data(const Lineage& lineage) {
  return {DataValue::Object{{"class", data_text(lineage_class_name(lineage.lineage_class))},
                            {"relation", data_text_or_null(lineage.relation.value_or(""))},
                            {"direction", data_text(direction_name(lineage.direction))},
                            {"probability", data_real_or_null(lineage.probability)},
                            {"reasons", data_texts(lineage.reasons)},
                            {"conflicts", data_texts(lineage.conflicts)},
                            {"evidence", data_list(lineage.evidence, evidence_data)},
                            {"agreement", data_list(lineage.agreement, agreement_data)},
                            {"operations", data_list(lineage.operations, operation_data)},
                            {"measures", data_measures(lineage.measures)},
                            {"layer_map", layer_map_data(lineage.layer_map)}}};
}

DataValue model_data(const ModelSummary& model) {
  return {DataValue::Object{{"reference", data_text(model.reference)},
                            {"model_type", data_text(model.model_type)},
                            {"architecture", data_text_or_null(model.architecture)},
                            {"tensors", data_count(model.tensors)},
                            {"parameters", data_count(model.parameters)},
                            {"bytes", data_count(model.bytes)},
                            {"unexplained", data_texts(model.unexplained)},
                            {"notes", data_texts(model.notes)}}};
}

}  // namespace prov::report
