#include "report/fingerprint_document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "provenancekit/version.hpp"
#include "report/data_building.hpp"
#include "report/number_text.hpp"

namespace prov::report {
namespace {

using base::printable;

constexpr FingerprintStatus kStatuses[] = {FingerprintStatus::written, FingerprintStatus::kept,
                                           FingerprintStatus::failed};

std::uint64_t count_of(const FingerprintRun& run, FingerprintStatus status) {
  return static_cast<std::uint64_t>(
      std::ranges::count(run.entries, status, &FingerprintEntry::status));
}

DataValue entry_data(const FingerprintEntry& entry) {
  return {DataValue::Object{{"model", data_text(entry.model)},
                            {"status", data_text(fingerprint_status_name(entry.status))},
                            {"file", data_text_or_null(entry.file)},
                            {"content", data_text_or_null(entry.content)},
                            {"sampled", data_truth(entry.sampled)},
                            {"stamp", data_text_or_null(entry.stamp)},
                            {"weight_bytes", data_count(entry.weight_bytes)},
                            {"words", data_count(entry.words)},
                            {"sketch_bytes", data_count(entry.sketch_bytes)},
                            {"standard_bytes", data_count(entry.standard_bytes)},
                            {"file_bytes", data_count(entry.file_bytes)},
                            {"notes", data_texts(entry.notes)},
                            {"error", data_text_or_null(entry.error)}}};
}

DataValue run_data(const FingerprintRun& run) {
  DataValue::Object object{{"output", data_text(run.output)}};
  for (const FingerprintStatus status : kStatuses) {
    object.push_back(
        {std::string(fingerprint_status_name(status)), data_count(count_of(run, status))});
  }
  object.push_back({"models", data_list(run.entries, entry_data)});
  object.push_back({"schema_version", data_integer(kFingerprintSchemaVersion)});
  object.push_back({"tool_version", data_text(kVersion)});
  return {std::move(object)};
}

std::vector<Line> run_lines(const FingerprintRun& run) {
  std::vector<Line> lines{{"output", printable(run.output)}};
  for (const FingerprintStatus status : kStatuses) {
    lines.push_back(
        {std::string(fingerprint_status_name(status)), fmt::format("{}", count_of(run, status))});
  }
  for (std::size_t i = 0; i < run.entries.size(); ++i) {
    const FingerprintEntry& entry = run.entries[i];
    const auto add = [&](std::string_view key, std::string value) {
      lines.push_back({fmt::format("model_{}_{}", i + 1, key), std::move(value)});
    };
    add("reference", printable(entry.model));
    add("status", std::string(fingerprint_status_name(entry.status)));
    if (entry.status == FingerprintStatus::failed) {
      add("error", printable(entry.error));
      continue;
    }
    add("file", printable(entry.file));
    add("content", entry.content);
    if (entry.sampled) add("sampled", "true");
    add("words", fmt::format("{}", entry.words));
    add("sketch_bytes", fmt::format("{}", entry.sketch_bytes));
    add("standard_bytes", fmt::format("{}", entry.standard_bytes));
    for (std::size_t n = 0; n < entry.notes.size(); ++n)
      add(fmt::format("note_{}", n + 1), printable(entry.notes[n]));
  }
  return lines;
}

Tone tone_of(FingerprintStatus status) {
  if (status == FingerprintStatus::failed) return Tone::warning;
  return status == FingerprintStatus::kept ? Tone::faint : Tone::neutral;
}

std::vector<Block> run_page(const FingerprintRun& run) {
  Table table{.title = "",
              .columns = {{"Model"}, {"Status"}, {"File"}, {"Words", true}, {"Size", true}},
              .rows = {}};
  Sentences failures{.title = "Failed", .items = {}, .tone = Tone::warning};
  for (const FingerprintEntry& entry : run.entries) {
    const bool failed = entry.status == FingerprintStatus::failed;
    table.rows.push_back(
        {{{printable(entry.model)},
          {std::string(fingerprint_status_name(entry.status)), tone_of(entry.status)},
          {failed ? "" : printable(entry.file)},
          {failed ? "" : fmt::format("{}", entry.words)},
          {failed ? "" : byte_size(entry.file_bytes)}}});
    if (failed) failures.items.push_back(printable(entry.error));
  }
  return {Headline{"Fingerprints: " + printable(run.output), Tone::heading}, std::move(table),
          std::move(failures)};
}

}  // namespace

Document fingerprint_document(const FingerprintRun& run) {
  return {run_data(run), run_lines(run), run_page(run)};
}

}  // namespace prov::report
