#include "report/database_document.hpp"

#include "report/data_building.hpp"
#include "report/fact_sheet.hpp"
#include "report/number_text.hpp"

namespace prov::report {
namespace {

Fact count_fact(std::string key, std::string label, std::uint64_t count) {
  return {std::move(key), std::move(label), data_count(count), grouped(count)};
}
Fact size_fact(std::string key, std::string label, std::uint64_t bytes) {
  return {std::move(key), std::move(label), data_count(bytes), byte_size(bytes)};
}
Fact text_fact(std::string key, std::string label, std::string_view text) {
  return {std::move(key), std::move(label), data_text_or_null(text), ""};
}

FactTable damage_table(const std::vector<store::Damage>& damage) {
  FactTable table{"damage", "damage", "Damage", {{"record", "Record"}, {"what", "What"}}, {}};
  for (const store::Damage& item : damage)
    table.rows.push_back({data_text(item.record), data_text(item.what)});
  return table;
}

}  // namespace

Document description_document(const store::Description& of) {
  FactSheet sheet{.title = "Database: " + of.path};
  sheet.facts = {
      text_fact("database", "File", of.path),
      {"schema", "Schema version", data_integer(of.schema_version), ""},
      text_fact("made_by", "Made by version", of.made_by),
      size_fact("file_bytes", "Size", of.file_bytes),
      size_fact("log_bytes", "Write-ahead log", of.log_bytes),
      count_fact("records", "Records", of.records),
      count_fact("with_weights", "With weights", of.with_weights),
      count_fact("without_weights", "Facts alone", of.records - of.with_weights),
      count_fact("publishers", "Publishers", of.publishers),
      count_fact("families", "Families", of.families),
      count_fact("architectures", "Architectures", of.architectures),
      count_fact("words", "Neuron words", of.words),
      text_fact("seal", "Seal", of.seal.value_or("")),
      {"signed", "Signed", data_truth(of.is_signed), ""},
      {"notices", "Notices", data_texts(of.notices), ""},
  };
  FactTable parts{"parts",
                  "part",
                  "Parts of records",
                  {{"name", "Part"}, {"records", "Records", true}, {"bytes", "Bytes", true}},
                  {}};
  for (const store::Description::Part& part : of.parts)
    parts.rows.push_back({data_text(part.name), data_count(part.records), data_count(part.bytes)});
  sheet.tables.push_back(std::move(parts));
  return fact_document(sheet, kDatabaseSchemaVersion);
}

Document status_document(const DatabaseStatus& status) {
  FactSheet sheet{.title = "Database: " + status.path};
  if (!status.problem.empty()) {
    sheet.headlines.push_back({"It cannot be used.", Tone::warning});
  } else if (!status.exists) {
    sheet.headlines.push_back(
        {"There is none yet: provenancekit db init makes it.", Tone::caution});
  }
  sheet.facts = {
      text_fact("database", "File", status.path),
      text_fact("chosen_by", "Chosen by", status.chosen_by),
      {"exists", "Exists", data_truth(status.exists), ""},
      {"readable", "Can be read", data_truth(status.readable), ""},
      {"writable", "Can be written", data_truth(status.writable), ""},
      count_fact("records", "Records", status.records),
      count_fact("with_weights", "With weights", status.with_weights),
      text_fact("problem", "Problem", status.problem),
  };
  return fact_document(sheet, kDatabaseSchemaVersion);
}

Document verification_document(const std::string& path, const store::Verification& of) {
  FactSheet sheet{.title = "Database: " + path};
  sheet.headlines.push_back(of.is_sound()
                                ? Headline{"Sound: everything is what was stored.", Tone::related}
                                : Headline{"Damaged.", Tone::warning});
  sheet.facts = {
      text_fact("database", "File", path),
      {"sound", "Sound", data_truth(of.is_sound()), ""},
      count_fact("records", "Intact records", of.records),
      count_fact("parts", "Intact parts", of.parts),
      count_fact("words", "Words found in the index", of.words),
      count_fact("cached", "Intact cache entries", of.cached),
      size_fact("bytes", "Checked", of.bytes),
      {"seal", "Seal", data_text(seal_state_name(of.seal)), ""},
      count_fact("damage_count", "Damage", of.damage_count),
  };
  sheet.tables.push_back(damage_table(of.damage));
  return fact_document(sheet, kDatabaseSchemaVersion);
}

Document transfer_document(const std::string& action, const std::string& path,
                           const std::vector<TransferRow>& rows) {
  FactSheet sheet{.title = "Database: " + path};
  sheet.facts = {text_fact("database", "File", path), text_fact("action", "Action", action)};
  FactTable sources{"sources",
                    "source",
                    "Sources",
                    {{"source", "Source"},
                     {"added", "Added", true},
                     {"unchanged", "Unchanged", true},
                     {"replaced", "Replaced", true},
                     {"kept", "Kept", true},
                     {"left_out", "Left out", true},
                     {"seal", "Seal"}},
                    {}};
  FactTable kept{"kept",
                 "kept",
                 "Other records of the same name, which stay (--replace replaces them)",
                 {{"source", "Source"}, {"record", "Record"}},
                 {}};
  FactTable left_out{"left_out",
                     "left_out",
                     "Left out",
                     {{"source", "Source"}, {"record", "Record"}, {"what", "What"}},
                     {}};
  for (const auto& [source, transfer, seal] : rows) {
    sources.rows.push_back({data_text(source), data_count(transfer.added),
                            data_count(transfer.unchanged), data_count(transfer.replaced),
                            data_count(transfer.kept_count), data_count(transfer.damage_count),
                            data_text_or_null(seal)});
    for (const std::string& id : transfer.kept)
      kept.rows.push_back({data_text(source), data_text(id)});
    for (const store::Damage& item : transfer.damage)
      left_out.rows.push_back({data_text(source), data_text(item.record), data_text(item.what)});
  }
  sheet.tables = {std::move(sources), std::move(kept), std::move(left_out)};
  return fact_document(sheet, kDatabaseSchemaVersion);
}

Document removal_document(const std::string& path, const std::vector<std::string>& ids) {
  FactSheet sheet{.title = "Database: " + path};
  sheet.facts = {text_fact("database", "File", path),
                 count_fact("removed", "Removed records", ids.size())};
  return fact_document(sheet, kDatabaseSchemaVersion);
}

Document cache_document(const std::string& action, const std::string& path,
                        const store::CacheInfo& info, std::optional<std::uint64_t> removed) {
  FactSheet sheet{.title = "Cache: " + path};
  sheet.facts = {
      text_fact("cache", "File", path),
      text_fact("action", "Action", action),
      count_fact("entries", "Entries", info.entries),
      size_fact("bytes", "Their size", info.bytes),
      size_fact("file_bytes", "On the disk", info.file_bytes),
  };
  if (removed) sheet.facts.push_back(count_fact("removed", "Removed entries", *removed));
  return fact_document(sheet, kDatabaseSchemaVersion);
}

}  // namespace prov::report
