// The page of a comparison, for people: the verdict and its reasons first, the published kit's
// scores last.
#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "report/comparison_document.hpp"
#include "report/lineage_words.hpp"
#include "report/number_text.hpp"

namespace prov::report {
namespace {

using base::printable;

constexpr std::size_t kNamesShown = 5;  // of tensors that no rule explains; json has them all

std::string direction_words(const Comparison& comparison) {
  switch (comparison.lineage.direction) {
    case Direction::a_to_b:
      return "B descends from A";
    case Direction::b_to_a:
      return "A descends from B";
    case Direction::undetermined:
      return "direction undetermined";
  }
  return "direction undetermined";
}

// What is not whole never rounds to "0 %" or "100 %": one changed weight matters here.
std::string percent(std::optional<double> value) {
  if (!value) return "N/A";
  if (*value == 0 || *value == 1) return fmt::format("{:.0f} %", 100 * *value);
  if (*value < 1e-4) return "< 0.01 %";
  if (*value > 1 - 1e-4) return "> 99.99 %";
  return fmt::format("{:.2f} %", 100 * *value);
}

Headline verdict_headline(const Comparison& comparison) {
  const Lineage& lineage = comparison.lineage;
  const ClassWords words = class_words(lineage.lineage_class);
  std::string text = fmt::format("Lineage: {}", words.text);
  if (lineage.relation) text += ", " + printable(*lineage.relation);
  if (lineage.lineage_class == LineageClass::derived ||
      lineage.lineage_class == LineageClass::same_lineage) {
    text += ", " + direction_words(comparison);
  }
  if (lineage.probability) text += ", probability " + percent(lineage.probability);
  return {std::move(text), words.tone};
}

Sentences sentences(std::string title, const std::vector<std::string>& items,
                    Tone tone = Tone::neutral) {
  Sentences result{std::move(title), {}, tone};
  for (const std::string& item : items) result.items.push_back(printable(item));
  return result;
}

std::string finding_of(const Evidence& item) {
  if (item.status != "computed") return item.status;
  return item.background.empty() ? item.summary
                                 : fmt::format("{} [{}]", item.summary, item.background);
}

Table evidence_table(const std::vector<Evidence>& evidence) {
  Table table{"Evidence from the weights",
              {{"Test"}, {"Finding"}, {"z", true}, {"log10 p", true}, {"n", true}},
              {}};
  for (const Evidence& item : evidence) {
    const bool computed = item.status == "computed";
    table.rows.push_back({{{printable(item.test)},
                           {printable(finding_of(item)), computed ? Tone::neutral : Tone::faint},
                           {fixed(item.z, 1)},
                           {fixed(item.log10_p, 1)},
                           {grouped(item.n)}}});
  }
  return table;
}

std::string layer_text(std::optional<int> layer, std::optional<int> expert) {
  if (!layer) return "none found";
  return expert ? fmt::format("{}, expert {}", *layer, *expert) : fmt::format("{}", *layer);
}

/// What stands out about the place of a layer.
std::string place_note(const LayerMap& map, const LayerOrigin& origin) {
  const auto has = [](const std::vector<int>& layers, int layer) {
    return std::ranges::find(layers, layer) != layers.end();
  };
  if (!origin.source_layer) return "of other origin";
  std::string note = has(map.jumps, origin.layer) ? "jump" : "";
  if (has(map.repeated, *origin.source_layer)) note += note.empty() ? "repeated" : ", repeated";
  return note;
}

/// Empty where every layer stands at its place: the evidence says that already.
Table layer_table(const LayerMap& map) {
  Table table{
      "",
      {{"Layer of B", true}, {"from layer of A", true}, {"Likeness", true}, {"z", true}, {"Note"}},
      {}};
  if (map.identity || map.origins.empty()) return table;
  table.title = fmt::format("Layer map, by {}{}", map.basis,
                            map.complete ? "" : " (a selection of layers; --depth deep takes all)");
  if (!map.unused.empty())
    table.title += fmt::format("; layers of A without use: {}", fmt::join(map.unused, ", "));
  for (const LayerOrigin& origin : map.origins) {
    table.rows.push_back({{{layer_text(origin.layer, origin.expert)},
                           {layer_text(origin.source_layer, origin.source_expert)},
                           {origin.source_layer ? fixed(origin.effect, 3) : "N/A"},
                           {origin.source_layer ? fixed(origin.z, 1) : "N/A"},
                           {place_note(map, origin)}}});
  }
  return table;
}

Table agreement_table(const std::vector<RoleAgreement>& agreement) {
  Table table{"Agreement of weights by role, on sampled rows",
              {{"Role"},
               {"Pairs", true},
               {"Cosine", true},
               {"Difference", true},
               {"Equal values", true},
               {"Equal tensors", true},
               {"Other shape", true}},
              {}};
  for (const RoleAgreement& item : agreement) {
    table.rows.push_back({{{printable(item.role)},
                           {grouped(item.tensors)},
                           {fixed(item.cosine, 6)},
                           {significant(item.relative_difference, 4)},
                           {percent(item.identical_share)},
                           {grouped(item.equal_content)},
                           {grouped(item.mismatched_shapes)}}});
  }
  return table;
}

Table models_table(const ModelSummary& a, const ModelSummary& b) {
  const auto row = [&](std::string_view title, auto show) {
    return Row{{{std::string(title)}, {show(a)}, {show(b)}}};
  };
  const auto name = [](const std::string& text) {
    return text.empty() ? std::string("N/A") : printable(text);
  };
  return {"What was read",
          {{"Model"}, {"A", true}, {"B", true}},
          {row("Reference", [&](const ModelSummary& m) { return name(m.reference); }),
           row("Type", [&](const ModelSummary& m) { return name(m.model_type); }),
           row("Architecture", [&](const ModelSummary& m) { return name(m.architecture); }),
           row("Tensors", [](const ModelSummary& m) { return grouped(m.tensors); }),
           row("Parameters", [](const ModelSummary& m) { return grouped(m.parameters); }),
           row("Bytes of weights", [](const ModelSummary& m) { return byte_size(m.bytes); })}};
}

Sentences model_notes(std::string_view letter, const ModelSummary& model) {
  Sentences notes = sentences(fmt::format("Notes on {}", letter), model.notes, Tone::caution);
  const std::vector<std::string>& names = model.unexplained;
  if (names.empty()) return notes;
  std::string text =
      fmt::format("{} tensors have names that no rule explains: ", grouped(names.size()));
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) {
    text += (i == 0 ? "" : ", ") + printable(names[i]);
  }
  if (names.size() > kNamesShown)
    text += fmt::format(" and {} more", grouped(names.size() - kNamesShown));
  notes.items.push_back(std::move(text));
  return notes;
}

// No cell of this table has a colour of its own: "Confirmed Match" here is not the verdict.
Table kit_table(const Comparison& comparison, bool timing) {
  const KitScores& scores = comparison.scores;
  const KitSignals& signals = comparison.signals;
  Table table{
      "For comparison with the published kit: its similarity scores, which are no evidence of "
      "lineage",
      {{"Metric"}, {"Value", true}},
      {}};
  const auto add = [&](std::string title, std::string value) {
    table.rows.push_back({{{std::move(title)}, {std::move(value)}}});
  };
  const auto begin = [&](std::string title, std::string value = "") {
    table.rows.push_back({{{std::move(title), Tone::heading}, {std::move(value)}}, true});
  };
  add("Provenance Decision", scores.provenance_decision);
  add("Final Pipeline Score",
      fmt::format("{}  ({})", fixed(scores.pipeline_score, 4), scores.label));
  add("Metadata Feature Identifier",
      fmt::format("{}  (Tier {} \u00b7 {})", fixed(scores.mfi_score, 4), scores.mfi_tier,
                  scores.mfi_match));
  add("Weight Identity Score", fixed(scores.identity_score, 4));
  add("Tokenizer Score", fixed(scores.tokenizer_score, 4));
  begin("Weight Feature Scores");
  add("EAS", fixed(signals.eas, 4));
  add("NLF", fixed(signals.nlf, 4));
  add("LEP", fixed(signals.lep, 4));
  add("END", fixed(signals.end, 4));
  add("WVC", fixed(signals.wvc, 4));
  begin("Tokenizer Feature Scores");
  add("TFV", fixed(signals.tfv, 4));
  add("VOA", fixed(signals.voa, 4));
  if (!timing) {
    begin("Time", fixed(comparison.timing.total_seconds, 1) + "s");
    return table;
  }
  begin("Time Taken Breakdown");
  add("Total Time", fixed(comparison.timing.total_seconds, 1) + "s");
  add("Model Metadata Extract Time", fixed(comparison.timing.metadata_extract_seconds, 1) + "s");
  add("Model Weight Feature Extract Time",
      fixed(comparison.timing.weight_feature_extract_seconds, 1) + "s");
  add("Cache Hit", "False");
  return table;
}

}  // namespace

std::vector<Block> comparison_page(const Comparison& comparison, bool timing) {
  const Lineage& lineage = comparison.lineage;
  std::vector<Block> page;
  page.emplace_back(
      Headline{fmt::format("Provenance Comparison: {} vs {}", printable(comparison.a.reference),
                           printable(comparison.b.reference)),
               Tone::heading});
  page.emplace_back(verdict_headline(comparison));
  page.emplace_back(sentences("", lineage.reasons));
  page.emplace_back(evidence_table(lineage.evidence));
  page.emplace_back(layer_table(lineage.layer_map));
  page.emplace_back(agreement_table(lineage.agreement));
  page.emplace_back(
      sentences("Conflicts: what speaks against the weights", lineage.conflicts, Tone::warning));
  page.emplace_back(models_table(comparison.a, comparison.b));
  page.emplace_back(model_notes("A", comparison.a));
  page.emplace_back(model_notes("B", comparison.b));
  page.emplace_back(kit_table(comparison, timing));
  return page;
}

}  // namespace prov::report
