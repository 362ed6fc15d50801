// The "key: value" lines of a scan: first those of the published kit, to the space, then ours.
#include <fmt/format.h>

#include "base/printable.hpp"
#include "report/number_text.hpp"
#include "report/scan_document.hpp"

namespace prov::report {
namespace {

using base::printable;

constexpr unsigned kKitColumn = 18;       // where the kit's values begin
constexpr unsigned kKitMatchColumn = 24;  // the same for match 1 to 9; the kit counts no digits

class LineList {
 public:
  void kit(std::string key, std::string value) {
    lines_.push_back({std::move(key), std::move(value), kKitColumn});
  }
  void ours(std::string key, std::string value) {
    lines_.push_back({std::move(key), std::move(value), 0});
  }
  void ours(std::string key, std::uint64_t value) {
    ours(std::move(key), fmt::format("{}", value));
  }
  void separator() { lines_.push_back({"", "---", 0}); }
  /// A line of match `number`, which counts from 1.
  void match(std::size_t number, std::string_view key, std::string value) {
    const std::string digits = fmt::format("{}", number);
    lines_.push_back({fmt::format("match_{}_{}", digits, key), std::move(value),
                      kKitMatchColumn + static_cast<unsigned>(digits.size()) - 1});
  }
  /// `<key>_1`, `<key>_2`, ...
  template <class Items, class Show>
  void numbered(std::string_view key, const Items& items, Show show) {
    for (std::size_t i = 0; i < items.size(); ++i)
      ours(fmt::format("{}_{}", key, i + 1), show(items[i]));
  }
  std::vector<Line> take() && { return std::move(lines_); }

 private:
  std::vector<Line> lines_;
};

std::string joined(const std::vector<std::string>& texts) {
  return printable(fmt::format("{}", fmt::join(texts, ", ")));
}

std::string or_not_known(const std::string& text) { return text.empty() ? "N/A" : printable(text); }

void add_model(LineList& lines, const ScannedModel& model) {
  lines.kit("model", printable(model.summary.reference));
  lines.kit("model_type", printable(model.summary.model_type));
  lines.kit("architectures", joined(model.architectures));
  lines.kit("hidden_size", fmt::format("{}", model.hidden_size));
  lines.kit("num_hidden_layers", fmt::format("{}", model.num_hidden_layers));
  lines.kit("vocab_size", fmt::format("{}", model.vocab_size));
  lines.kit("param_bucket", model.param_bucket);
  lines.kit("arch_hash", printable(model.arch_hash));
  lines.kit("family_hash", printable(model.family_hash));
  lines.kit("weight_signals", model.has_weight_signals ? "yes" : "no");
}

void add_kit_match(LineList& lines, std::size_t number, const ScanMatch& match) {
  const auto add = [&](std::string_view key, std::string value) {
    lines.match(number, key, std::move(value));
  };
  lines.separator();
  add("model_id", printable(match.model_id));
  add("family", printable(fmt::format("{} ({})", match.family_name, match.family_id)));
  add("provenance_decision", match.scores.provenance_decision);
  add("match_type", match.match_type);
  add("pipeline_score", fixed(match.scores.pipeline_score, 4));
  add("mfi_score", fixed(match.scores.mfi_score, 4));
  add("mfi_tier", fmt::format("{}", match.scores.mfi_tier));
  add("identity_score", fixed(match.scores.identity_score, 4));
  add("tokenizer_score", fixed(match.scores.tokenizer_score, 4));
  add("eas", fixed(match.signals.eas, 4));
  add("nlf", fixed(match.signals.nlf, 4));
  add("lep", fixed(match.signals.lep, 4));
  add("end", fixed(match.signals.end, 4));
  add("wvc", fixed(match.signals.wvc, 4));
  add("tfv", fixed(match.signals.tfv, 4));
}

void add_lineage(LineList& lines, std::size_t number, const ScanMatch& match) {
  const std::string prefix = fmt::format("match_{}_", number);
  const Lineage& lineage = match.lineage;
  const auto as_it_is = [](const std::string& text) { return printable(text); };
  lines.ours(prefix + "asset_id", printable(match.asset_id));
  lines.ours(prefix + "publisher", or_not_known(match.publisher));
  lines.ours(prefix + "source_uri", or_not_known(match.source_uri));
  lines.ours(prefix + "weights_compared", std::string(match.weights_compared ? "yes" : "no"));
  lines.ours(prefix + "compared_by", std::string(compared_by_name(match.compared_by)));
  lines.ours(prefix + "lineage_class", std::string(lineage_class_name(lineage.lineage_class)));
  lines.ours(prefix + "lineage_relation", or_not_known(lineage.relation.value_or("")));
  lines.ours(prefix + "lineage_direction", std::string(direction_name(lineage.direction)));
  lines.ours(prefix + "lineage_probability", significant(lineage.probability, 6));
  lines.numbered(prefix + "lineage_reason", lineage.reasons, as_it_is);
  lines.numbered(prefix + "lineage_conflict", lineage.conflicts, as_it_is);
}

void add_database(LineList& lines, const ScannedDatabase& database) {
  lines.ours("database", printable(database.path));
  lines.ours("database_records", database.records);
  lines.ours("database_candidates", database.candidates);
  lines.numbered("database_note", database.notes,
                 [](const std::string& note) { return printable(note); });
  lines.numbered("database_damaged", database.damaged,
                 [](const Error& damaged) { return damaged.to_string(); });
}

}  // namespace

std::vector<Line> scan_lines(const Scan& scan, bool timing) {
  LineList lines;
  add_model(lines, scan.model);
  lines.kit("match_count", fmt::format("{}", scan.matches.size()));
  lines.kit("elapsed_ms", fixed(1000 * scan.total_seconds, 0));
  if (timing) {
    lines.kit("extract_seconds", fixed(scan.extract_seconds, 1));
    lines.kit("lookup_seconds", fixed(scan.lookup_seconds, 1));
  }
  for (std::size_t i = 0; i < scan.matches.size(); ++i)
    add_kit_match(lines, i + 1, scan.matches[i]);
  lines.separator();
  if (has_metadata_matches(scan)) {
    lines.ours("note", std::string("some matches are metadata-only: weights not compared, so no "
                                   "evidence of lineage"));
  }
  for (std::size_t i = 0; i < scan.matches.size(); ++i) add_lineage(lines, i + 1, scan.matches[i]);
  add_database(lines, scan.database);
  const std::uint64_t parameters = scan.model.summary.parameters;
  lines.ours("num_parameters", parameters > 0 ? fmt::format("{}", parameters) : "N/A");
  lines.numbered("model_note", scan.model.summary.notes,
                 [](const std::string& note) { return printable(note); });
  return std::move(lines).take();
}

}  // namespace prov::report
