// The data tree of a decomposition. schema/decompose-1.schema.json describes each key.
#include "numeric/rounding.hpp"
#include "provenancekit/version.hpp"
#include "report/data_building.hpp"
#include "report/decomposition_document.hpp"

namespace prov::report {
namespace {

class Tree {
 public:
  explicit Tree(const Decomposition& decomposition) : of_(decomposition) {}

  DataValue build() const {
    return {DataValue::Object{
        {"child", data_text(of_.child.reference)},
        {"operator", data_text(merge_operator_name(of_.merge_operator))},
        {"base", of_.base ? reference(*of_.base) : DataValue{}},
        {"base_given", data_truth(of_.base_given)},
        {"terms", data_list(of_.terms, [this](std::size_t model) { return term(model); })},
        {"gain", data_real_or_null(of_.gain)},
        {"explained", data_real_or_null(of_.explained)},
        {"t", data_real_or_null(of_.t)},
        {"reasons", data_texts(of_.reasons)},
        {"notes", data_texts(of_.notes)},
        {"numbers", data_list(of_.numbers, number)},
        {"measures", data_measures(of_.measures)},
        {"slices", data_list(of_.slices, [this](const auto& item) { return slice(item); })},
        {"layers", data_list(of_.layers, [this](const auto& item) { return part(item); })},
        {"modules", data_list(of_.modules, [this](const auto& item) { return part(item); })},
        {"correlations",
         data_list(of_.correlations, [this](const auto& item) { return correlation(item); })},
        {"steps", data_list(of_.steps, [this](const auto& item) { return step(item); })},
        {"candidates", data_list(of_.candidates, candidate)},
        {"child_model", model(of_.child)},
        {"time_seconds", data_real(numeric::round_half_even_decimal(of_.total_seconds, 3))},
        {"schema_version", data_integer(kDecomposeSchemaVersion)},
        {"tool_version", data_text(kVersion)}}};
  }

 private:
  DataValue reference(std::size_t index) const {
    return data_text(of_.candidates[index].model.reference);
  }

  static DataValue weight_value(const std::optional<Estimate>& estimate) {
    return estimate ? data_real(estimate->value) : DataValue{};
  }
  static DataValue weight_error(const std::optional<Estimate>& estimate) {
    return estimate ? data_real(estimate->standard_error) : DataValue{};
  }

  DataValue term(std::size_t index) const {
    const std::optional<Estimate>& weight = of_.candidates[index].weight;
    return {DataValue::Object{
        {"model", reference(index)},
        {"status", data_text(candidate_status_name(of_.candidates[index].status))},
        {"weight", weight_value(weight)},
        {"standard_error", weight_error(weight)},
        {"factor", data_real_or_null(of_.candidates[index].factor)}}};
  }

  static DataValue number(const DecidingNumber& item) {
    return {DataValue::Object{{"name", data_text(item.name)},
                              {"value", data_real(item.value)},
                              {"meaning", data_text(item.meaning)}}};
  }

  DataValue slice(const MergeSlice& item) const {
    return {DataValue::Object{{"model", reference(item.candidate)},
                              {"first", data_integer(item.first)},
                              {"last", data_integer(item.last)},
                              {"child_first", data_integer(item.child_first)},
                              {"equal", data_truth(item.equal)},
                              {"largest_difference", data_real(item.largest_difference)}}};
  }

  DataValue part(const MergePart& item) const {
    DataValue::List weights;
    for (std::size_t i = 0; i < item.weights.size(); ++i) {
      weights.push_back(
          {DataValue::Object{{"model", reference(of_.terms[i])},
                             {"weight", data_real(item.weights[i].value)},
                             {"standard_error", data_real(item.weights[i].standard_error)}}});
    }
    return {DataValue::Object{{"name", data_text(item.name)},
                              {"layer", item.layer ? data_integer(*item.layer) : DataValue{}},
                              {"elements", data_count(item.elements)},
                              {"weights", {std::move(weights)}},
                              {"gain", data_real_or_null(item.gain)},
                              {"explained", data_real_or_null(item.explained)},
                              {"t", data_real_or_null(item.t)}}};
  }

  DataValue correlation(const TaskVectorCorrelation& item) const {
    return {DataValue::Object{{"a", reference(item.a)},
                              {"b", reference(item.b)},
                              {"correlation", data_real(item.correlation)}}};
  }

  DataValue step(const SelectionStep& item) const {
    return {
        DataValue::Object{{"model", reference(item.candidate)},
                          {"explained", data_real(item.explained)},
                          {"left", data_real(item.left)},
                          {"accepted", data_truth(item.accepted)},
                          {"runner_up", item.runner_up ? reference(*item.runner_up) : DataValue{}},
                          {"runner_up_explained",
                           item.runner_up ? data_real(item.runner_up_explained) : DataValue{}}}};
  }

  static DataValue model(const ModelSummary& item) {
    return {DataValue::Object{{"reference", data_text(item.reference)},
                              {"model_type", data_text(item.model_type)},
                              {"architecture", data_text_or_null(item.architecture)},
                              {"tensors", data_count(item.tensors)},
                              {"parameters", data_count(item.parameters)},
                              {"bytes", data_count(item.bytes)},
                              {"unexplained", data_texts(item.unexplained)},
                              {"notes", data_texts(item.notes)}}};
  }

  static DataValue candidate(const MergeCandidate& item) {
    return {DataValue::Object{{"status", data_text(candidate_status_name(item.status))},
                              {"why", data_text(item.why)},
                              {"weight", weight_value(item.weight)},
                              {"standard_error", weight_error(item.weight)},
                              {"factor", data_real_or_null(item.factor)},
                              {"relative_difference", data_real_or_null(item.relative_difference)},
                              {"model", model(item.model)}}};
  }

  const Decomposition& of_;
};

}  // namespace

DataValue decomposition_data(const Decomposition& decomposition) {
  return Tree(decomposition).build();
}

}  // namespace prov::report
