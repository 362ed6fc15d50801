// Records of a database, in a list and one by one.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "model/json_text.hpp"
#include "report/data_building.hpp"
#include "report/database_document.hpp"
#include "report/fact_sheet.hpp"
#include "report/number_text.hpp"

namespace prov::report {
namespace {

// The depth is bounded by the parser.
DataValue data_from_json(const nlohmann::json& json) {  // NOLINT(misc-no-recursion)
  switch (json.type()) {
    case nlohmann::json::value_t::boolean:
      return data_truth(json.get<bool>());
    case nlohmann::json::value_t::number_integer:
      return data_integer(json.get<std::int64_t>());
    case nlohmann::json::value_t::number_unsigned:
      return data_count(json.get<std::uint64_t>());
    case nlohmann::json::value_t::number_float:
      return data_real(json.get<double>());
    case nlohmann::json::value_t::string:
      return data_text(json.get<std::string>());
    case nlohmann::json::value_t::array:
      return data_list(json, data_from_json);
    case nlohmann::json::value_t::object: {
      DataValue::Object object;
      for (const auto& [key, value] : json.items()) object.push_back({key, data_from_json(value)});
      return {std::move(object)};
    }
    case nlohmann::json::value_t::null:
    case nlohmann::json::value_t::binary:
    case nlohmann::json::value_t::discarded:
      break;
  }
  return {};
}

DataValue metadata(const std::string& text) {
  const Result<nlohmann::json> json = model::parse_json_text(text, "metadata");
  return json ? data_from_json(*json) : DataValue{DataValue::Object{}};
}

// Key and label of each fact, in order.
std::vector<Fact> record_facts(const store::RecordSummary& record) {
  return {
      {"id", "Name", data_text(record.id), ""},
      {"publisher", "Publisher", data_text_or_null(record.publisher), ""},
      {"family", "Family", data_text_or_null(record.family), ""},
      {"architecture", "Architecture", data_text_or_null(record.architecture), ""},
      {"source", "Source", data_text_or_null(record.source), ""},
      {"revision", "Revision", data_text_or_null(record.revision), ""},
      {"licence", "Licence", data_text_or_null(record.licence), ""},
      {"has_weights", "Weights", data_truth(record.has_weights),
       record.has_weights ? "kept" : "none kept: weights cannot be compared"},
      {"words", "Neuron words", data_count(record.word_count), ""},
      {"content_key", "Content", data_text_or_null(record.content_key), ""},
      {"sha256", "Digest of the record", data_text(base::hex(record.sha256)), ""},
  };
}

}  // namespace

Document record_list_document(const std::vector<store::RecordSummary>& records,
                              std::uint64_t first) {
  Document document;
  DataValue::List list;
  Table table{"",
              {{"Name"}, {"Publisher"}, {"Family"}, {"Architecture"}, {"Weights"}, {"Words", true}},
              {}};
  for (const store::RecordSummary& record : records) {
    DataValue::Object object;
    for (Fact& fact : record_facts(record)) {
      document.lines.push_back(
          {fmt::format("record_{}_{}", first, fact.key), value_text(fact.value)});
      object.push_back({std::move(fact.key), std::move(fact.value)});
    }
    ++first;
    list.push_back({std::move(object)});
    table.rows.push_back({{{base::printable(record.id)},
                           {base::printable(record.publisher)},
                           {base::printable(record.family)},
                           {base::printable(record.architecture)},
                           {record.has_weights ? "kept" : "none"},
                           {grouped(record.word_count)}}});
  }
  document.data = {std::move(list)};
  document.page.emplace_back(std::move(table));
  return document;
}

Document record_document(const store::RecordSummary& record,
                         const std::vector<store::PartSummary>& parts) {
  FactSheet sheet{.title = "Record: " + record.id, .facts = record_facts(record)};
  sheet.facts.push_back({"metadata", "Metadata", metadata(record.metadata_json), ""});
  FactTable table{"parts",
                  "part",
                  "Parts",
                  {{"name", "Part"}, {"bytes", "Bytes", true}, {"sha256", "SHA-256"}},
                  {}};
  for (const store::PartSummary& part : parts)
    table.rows.push_back(
        {data_text(part.name), data_count(part.size), data_text(base::hex(part.sha256))});
  sheet.tables.push_back(std::move(table));
  return fact_document(sheet, kDatabaseSchemaVersion);
}

}  // namespace prov::report
