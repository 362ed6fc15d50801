#include "report/verification_document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "report/data_building.hpp"
#include "report/fact_sheet.hpp"

namespace prov::report {
namespace {

Tone tone_of(QuantConclusion conclusion) {
  if (conclusion == QuantConclusion::faithful || conclusion == QuantConclusion::other_scheme)
    return Tone::related;
  return conclusion == QuantConclusion::undecided ? Tone::caution : Tone::warning;
}

std::vector<DataValue> row_of(const VerifiedTensor& tensor) {
  return {data_text(tensor.name),
          data_text(tensor.scheme),
          data_text(quant_status_name(tensor.status)),
          data_count(tensor.elements),
          tensor.outside ? data_count(*tensor.outside) : DataValue{},
          data_real_or_null(tensor.farthest),
          data_real_or_null(tensor.cosine),
          data_text_or_null(tensor.why)};
}

}  // namespace

Document verification_document(const QuantVerification& of) {
  FactSheet sheet{
      .title = "Quantisation check: " + of.quantised + " against " + of.source,
      .headlines = {{fmt::format("Conclusion: {}", quant_conclusion_name(of.conclusion)),
                     tone_of(of.conclusion)},
                    {"  " + base::printable(of.reason)}},
      .facts = {{"quantised", "Quantised", data_text(of.quantised), ""},
                {"source", "Source", data_text(of.source), ""},
                {"conclusion", "Conclusion", data_text(quant_conclusion_name(of.conclusion)), ""},
                {"reason", "Reason", data_text(of.reason), ""}},
      .tables = {}};
  constexpr QuantStatus kStatuses[] = {QuantStatus::unchanged,    QuantStatus::faithful,
                                       QuantStatus::other_scheme, QuantStatus::near,
                                       QuantStatus::altered,      QuantStatus::not_from_source,
                                       QuantStatus::untested};
  for (const QuantStatus status : kStatuses) {
    std::string key(quant_status_name(status));
    std::ranges::replace(key, '-', '_');
    const auto count = std::ranges::count(of.tensors, status, &VerifiedTensor::status);
    sheet.facts.push_back({key, fmt::format("Tensors {}", quant_status_name(status)),
                           data_count(static_cast<std::uint64_t>(count)), ""});
  }
  sheet.facts.push_back({"notes", "Notes", data_texts(of.notes), ""});
  FactTable table{.key = "tensors",
                  .row_key = "tensor",
                  .title = "Tensors",
                  .columns = {{"name", "Name"},
                              {"scheme", "Stored as"},
                              {"status", "Status"},
                              {"elements", "Elements", true},
                              {"outside", "Outside", true},
                              {"farthest", "Farthest", true},
                              {"cosine", "Cosine", true},
                              {"why", "Why"}},
                  .rows = {}};
  for (const VerifiedTensor& tensor : of.tensors) table.rows.push_back(row_of(tensor));
  sheet.tables.push_back(std::move(table));
  return fact_document(sheet, kVerifyQuantSchemaVersion);
}

}  // namespace prov::report
