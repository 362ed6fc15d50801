#include "report/inspection_document.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "provenancekit/version.hpp"
#include "report/data_building.hpp"
#include "report/number_text.hpp"

namespace prov::report {
namespace {

using base::printable;

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

DataValue tensor_data(const InspectedTensor& tensor) {
  return {DataValue::Object{
      {"name", data_text(tensor.name)},
      {"role", data_text(tensor.role)},
      {"dtype", data_text_or_null(tensor.dtype)},
      {"shape", data_list(tensor.shape, [](std::uint64_t size) { return data_count(size); })},
      {"content", tensor.content ? data_text(*tensor.content) : DataValue{}},
      {"non_finite", tensor.non_finite ? data_count(*tensor.non_finite) : DataValue{}}}};
}

DataValue fingerprint_data(const std::optional<InspectedFingerprint>& parts) {
  if (!parts) return {};
  return {DataValue::Object{{"content", data_text_or_null(parts->content)},
                            {"sampled", data_truth(parts->sampled)},
                            {"words", data_count(parts->words)},
                            {"tensor_hashes", data_count(parts->tensor_hashes)},
                            {"described_mlps", data_count(parts->described_mlps)},
                            {"sampled_mlps", data_count(parts->sampled_mlps)},
                            {"tokens", data_count(parts->tokens)},
                            {"tokens_by_text", data_truth(parts->tokens_by_text)},
                            {"missing", data_text_or_null(parts->missing)}}};
}

DataValue data_of(const Inspection& of) {
  return {DataValue::Object{{"reference", data_text(of.reference)},
                            {"kind", data_text(of.fingerprint ? "fingerprint" : "model")},
                            {"model_type", data_text_or_null(of.model_type)},
                            {"architecture", data_text_or_null(of.architecture)},
                            {"tokenizer", data_text_or_null(of.tokenizer)},
                            {"layers", data_count(of.layers)},
                            {"parameters", data_count(of.parameters)},
                            {"bytes", of.fingerprint ? DataValue{} : data_count(of.bytes)},
                            {"dtypes", data_list(of.dtypes,
                                                 [](const DtypeCount& count) {
                                                   return DataValue{DataValue::Object{
                                                       {"dtype", data_text(count.dtype)},
                                                       {"tensors", data_count(count.tensors)},
                                                       {"elements", data_count(count.elements)}}};
                                                 })},
                            {"unexplained", data_texts(of.unexplained)},
                            {"notes", data_texts(of.notes)},
                            {"fingerprint", fingerprint_data(of.fingerprint)},
                            {"tensors", data_list(of.tensors, tensor_data)},
                            {"schema_version", data_integer(kInspectSchemaVersion)},
                            {"tool_version", data_text(kVersion)}}};
}

std::string or_none(const std::string& text) { return text.empty() ? "N/A" : printable(text); }

/// What is said before the tensors, for scripts and people alike.
std::vector<Line> facts_of(const Inspection& of) {
  std::vector<Line> lines{{"reference", printable(of.reference)},
                          {"kind", of.fingerprint ? "fingerprint" : "model"},
                          {"model_type", or_none(of.model_type)},
                          {"architecture", or_none(of.architecture)},
                          {"tokenizer", or_none(of.tokenizer)},
                          {"layers", fmt::format("{}", of.layers)},
                          {"parameters", fmt::format("{}", of.parameters)},
                          {"tensors", fmt::format("{}", of.tensors.size())}};
  if (!of.fingerprint) lines.push_back({"bytes", fmt::format("{}", of.bytes)});
  for (const DtypeCount& count : of.dtypes)
    lines.push_back({"dtype_" + count.dtype,
                     fmt::format("{} tensors, {} elements", count.tensors, count.elements)});
  if (const auto& parts = of.fingerprint) {
    lines.push_back({"content", or_none(parts->content)});
    lines.push_back({"sampled", parts->sampled ? "true" : "false"});
    lines.push_back({"words", fmt::format("{}", parts->words)});
    lines.push_back({"tensor_hashes", fmt::format("{}", parts->tensor_hashes)});
    lines.push_back({"described_mlps", fmt::format("{}", parts->described_mlps)});
    lines.push_back({"sampled_mlps", fmt::format("{}", parts->sampled_mlps)});
    lines.push_back({"tokens", fmt::format("{}", parts->tokens)});
    lines.push_back({"tokens_by", parts->tokens_by_text ? "text" : "id"});
    if (!parts->missing.empty()) lines.push_back({"missing", printable(parts->missing)});
  }
  lines.push_back({"unexplained", fmt::format("{}", of.unexplained.size())});
  return lines;
}

std::vector<Line> lines_of(const Inspection& of) {
  std::vector<Line> lines = facts_of(of);
  for (std::size_t i = 0; i < of.notes.size(); ++i)
    lines.push_back({fmt::format("note_{}", i + 1), printable(of.notes[i])});
  for (std::size_t i = 0; i < of.tensors.size(); ++i) {
    const InspectedTensor& tensor = of.tensors[i];
    const std::string prefix = fmt::format("tensor_{}_", i + 1);
    lines.push_back({prefix + "name", printable(tensor.name)});
    lines.push_back({prefix + "role", tensor.role});
    if (!tensor.dtype.empty()) lines.push_back({prefix + "dtype", tensor.dtype});
    lines.push_back({prefix + "shape", shape_text(tensor.shape)});
    if (tensor.content) lines.push_back({prefix + "content", *tensor.content});
  }
  return lines;
}

std::vector<Block> page_of(const Inspection& of) {
  Table facts{.title = "", .columns = {{"Fact"}, {"Value"}}, .rows = {}};
  for (const Line& line : facts_of(of)) facts.rows.push_back({{{line.key}, {line.value}}});
  Table tensors{.title = "Tensors",
                .columns = {{"Name"}, {"Role"}, {of.fingerprint ? "Content" : "Type"}, {"Shape"}},
                .rows = {}};
  for (const InspectedTensor& tensor : of.tensors) {
    tensors.rows.push_back(
        {{{printable(tensor.name)},
          {tensor.role, tensor.role == "unknown" ? Tone::caution : Tone::neutral},
          {of.fingerprint ? tensor.content.value_or("") : tensor.dtype},
          {shape_text(tensor.shape)}}});
  }
  Sentences notes{.title = "Notes", .items = {}, .tone = Tone::warning};
  for (const std::string& note : of.notes) notes.items.push_back(printable(note));
  return {Headline{printable(of.reference), Tone::heading}, std::move(facts), std::move(notes),
          std::move(tensors)};
}

}  // namespace

Document inspection_document(const Inspection& inspection) {
  return {data_of(inspection), lines_of(inspection), page_of(inspection)};
}

}  // namespace prov::report
