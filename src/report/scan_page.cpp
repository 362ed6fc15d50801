// The page of a scan, for people: what the weights say of each match first, the published kit's
// scores last.
#include <fmt/format.h>

#include "base/printable.hpp"
#include "report/lineage_words.hpp"
#include "report/number_text.hpp"
#include "report/scan_document.hpp"

namespace prov::report {
namespace {

using base::printable;

/// As the kit writes it; "~" before an estimate.
std::string parameter_count(const ScannedModel& model) {
  const bool counted = model.summary.parameters > 0;
  const double number =
      counted ? static_cast<double>(model.summary.parameters) : model.estimated_parameters;
  const std::string text =
      number >= 1e9 ? fixed(number / 1e9, 1) + 'B' : fixed(number / 1e6, 0) + 'M';
  return fmt::format("{}{}  ({} bucket)", counted ? "" : "~", text, model.param_bucket);
}

Headline verdict_headline(const Scan& scan) {
  if (scan.matches.empty()) return {"No match among the known models", Tone::neutral};
  const ScanMatch& best = scan.matches.front();
  const ClassWords words = class_words(best.lineage.lineage_class);
  if (!best.weights_compared)
    return {"Lineage: inconclusive: no weights were compared", Tone::caution};
  std::string text = fmt::format("Lineage: {}", words.text);
  if (best.lineage.relation) text += ", " + printable(*best.lineage.relation);
  return {fmt::format("{}, with {}", text, printable(best.model_id)), words.tone};
}

Sentences findings(const Scan& scan) {
  const ScannedDatabase& database = scan.database;
  Sentences result{"", {}, Tone::neutral};
  result.items.push_back(fmt::format("Searched {}: {} records, {} of them scored.",
                                     printable(database.path), grouped(database.records),
                                     grouped(database.candidates)));
  if (has_metadata_matches(scan)) {
    result.items.emplace_back(
        "Some matches rest on configuration and tokenizer alone, which prove no descent.");
  }
  return result;
}

std::string family_text(const ScanMatch& match) {
  std::string text = printable(fmt::format("{} ({})", match.family_name, match.family_id));
  if (!match.param_bucket.empty()) text += fmt::format("  [{}]", printable(match.param_bucket));
  return text;
}

Table lineage_table(const std::vector<ScanMatch>& matches) {
  Table table{"Matches",
              {{"#", true}, {"Known model"}, {"Lineage"}, {"Compared by"}, {"Deciding reason"}},
              {}};
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const Lineage& lineage = matches[i].lineage;
    const ClassWords words = class_words(lineage.lineage_class);
    table.rows.push_back({{{fmt::format("{}", i + 1)},
                           {printable(matches[i].model_id)},
                           {std::string(words.text), words.tone},
                           {std::string(compared_by_name(matches[i].compared_by))},
                           {lineage.reasons.empty() ? "" : printable(lineage.reasons.front())}}});
  }
  return table;
}

std::string weight_score(const ScanMatch& match) {
  const KitSignals& signals = match.signals;
  return fmt::format("{}  (EAS={} NLF={} LEP={} END={} WVC={})",
                     fixed(match.scores.identity_score, 4), fixed(signals.eas, 2),
                     fixed(signals.nlf, 2), fixed(signals.lep, 2), fixed(signals.end, 2),
                     fixed(signals.wvc, 2));
}

// No cell of this table has a colour of its own: "Confirmed Match" here is not the verdict.
Table kit_table(const Scan& scan, bool timing) {
  Table table{
      "For comparison with the published kit: its similarity scores, which are no evidence of "
      "lineage",
      {{"Metric"}, {"Value", true}},
      {}};
  const auto add = [&](std::string title, std::string value) {
    table.rows.push_back({{{std::move(title)}, {std::move(value)}}});
  };
  const auto begin = [&](std::string title, std::string value, Tone tone = Tone::heading) {
    table.rows.push_back({{{std::move(title), tone}, {std::move(value)}}, true});
  };
  add("Scanned Model", printable(scan.model.summary.reference));
  add("Parameters", parameter_count(scan.model));
  add("Layers", fmt::format("{}", scan.model.num_hidden_layers));
  add("Weight signals", scan.model.has_weight_signals ? "yes" : "no");
  if (scan.matches.empty()) begin("Matches", "None above threshold");
  if (!scan.matches.empty())
    begin(fmt::format("Top {} Provenance Match(es)", scan.matches.size()), "");
  for (std::size_t i = 0; i < scan.matches.size(); ++i) {
    const ScanMatch& match = scan.matches[i];
    const std::string title = fmt::format("#{} Model", i + 1);
    if (i == 0) add(title, printable(match.model_id));
    if (i > 0) begin(title, printable(match.model_id), Tone::neutral);
    add("Family", family_text(match));
    add("Provenance Decision", match.scores.provenance_decision);
    add("Pipeline Score", fixed(match.scores.pipeline_score, 4));
    add("MFI Score", fmt::format("{}  (Tier {} - {})", fixed(match.scores.mfi_score, 4),
                                 match.scores.mfi_tier, match.scores.mfi_match));
    add("Weight Score", weight_score(match));
    add("Tokenizer Score (TFV only)", fixed(match.scores.tokenizer_score, 4));
  }
  begin("Time", fixed(1000 * scan.total_seconds, 0) + " ms", Tone::neutral);
  if (timing) {
    add("Feature Extraction", fixed(scan.extract_seconds, 1) + "s");
    add("DB Lookup", fixed(scan.lookup_seconds, 1) + "s");
  }
  return table;
}

Sentences notes(const Scan& scan) {
  Sentences result{"Notes", {}, Tone::caution};
  for (const std::string& note : scan.model.summary.notes) result.items.push_back(printable(note));
  for (const std::string& note : scan.database.notes) result.items.push_back(printable(note));
  for (const Error& damaged : scan.database.damaged)
    result.items.push_back("left out: " + damaged.to_string());
  return result;
}

}  // namespace

std::vector<Block> scan_page(const Scan& scan, bool timing) {
  std::vector<Block> page;
  page.emplace_back(Headline{
      fmt::format("Provenance Scan: {}", printable(scan.model.summary.reference)), Tone::heading});
  page.emplace_back(verdict_headline(scan));
  page.emplace_back(findings(scan));
  page.emplace_back(lineage_table(scan.matches));
  page.emplace_back(notes(scan));
  page.emplace_back(kit_table(scan, timing));
  return page;
}

}  // namespace prov::report
