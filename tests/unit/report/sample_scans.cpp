#include "unit/report/sample_scans.hpp"

#include <fmt/format.h>

namespace prov::test {
namespace {

Scan scan_of(std::string reference) {
  Scan scan;
  scan.model = {
      .summary = {std::move(reference), "llama", "LlamaForCausalLM", 39, 161280, 322560, {}, {}},
      .architectures = {"LlamaForCausalLM"},
      .hidden_size = 64,
      .num_hidden_layers = 4,
      .num_attention_heads = 4,
      .num_key_value_heads = 2,
      .head_dim = 16,
      .intermediate_size = 96,
      .vocab_size = 300,
      .tie_word_embeddings = false,
      .hidden_act = "silu",
      .arch_hash = std::string(64, 'a'),
      .family_hash = std::string(64, 'f'),
      .estimated_parameters = 161280,
      .param_bucket = "<=1B",
      .has_weight_signals = true};
  scan.database = {.path = "data/models.db", .records = 152, .candidates = 116};
  scan.extract_seconds = 0.2349;
  scan.lookup_seconds = 0.0491;
  scan.total_seconds = 0.284;
  return scan;
}

ScanMatch match_of(std::string model_id) {
  ScanMatch match;
  match.asset_id = model_id + "__hf-safetensors";
  match.model_id = std::move(model_id);
  match.family_id = "acme--tiny";
  match.family_name = "Tiny";
  match.publisher = "acme";
  match.source_uri = "https://example.org/" + match.model_id;
  match.param_bucket = "1-10B";
  match.match_type = "mfi_only";
  match.signals.tfv = 0.4063;
  match.scores = {.mfi_score = 0.6135,
                  .mfi_tier = 3,
                  .mfi_match = "soft_match",
                  .tokenizer_score = 0.1016,
                  .pipeline_score = 0.6135,
                  .provenance_decision = "Not Matched (metadata only)",
                  .label = "Not Matched",
                  .colour = "#e74c3c"};
  match.lineage.layer_map.basis = "none";
  match.lineage.reasons = {"Weights not compared: the record has no weights."};
  match.elapsed_ms = 0.4349;
  return match;
}

}  // namespace

Scan metadata_scan() {
  Scan scan = scan_of("models/tiny-a");
  for (int i = 1; i <= 12; ++i) scan.matches.push_back(match_of(fmt::format("known-{}", i)));
  scan.matches[1].publisher.clear();
  scan.matches[1].source_uri.clear();
  scan.database.damaged = {{.code = ErrorCode::malformed,
                            .message = "the field is missing",
                            .file = "features/x.json",
                            .field = "mfi.arch_hash"}};
  scan.database.notes = {"3 records hold no signals of the kit, and have no score here."};
  return scan;
}

Scan proof_scan() {
  Scan scan = scan_of("models/tiny-b");
  scan.model.summary.parameters = 8'030'261'248;
  scan.model.param_bucket = "1-10B";
  ScanMatch parent = match_of("tiny-parent");
  parent.match_type = "similarity";
  parent.signals = {0.9911, 0.9899, 1.0, 0.9833, 0.9923, 0.85, std::nullopt};
  parent.scores.identity_score = 0.9912;
  parent.scores.pipeline_score = 0.9912;
  parent.scores.provenance_decision = "High-Confidence Match";
  parent.weights_compared = true;
  parent.compared_by = ComparedBy::weights;
  parent.lineage.lineage_class = LineageClass::derived;
  parent.lineage.relation = "fine-tuned";
  parent.lineage.direction = Direction::a_to_b;
  parent.lineage.probability = 0.999;
  parent.lineage.reasons = {"61 of 120 neuron words are shared."};
  parent.lineage.conflicts = {"The configurations differ."};
  ScanMatch twin = match_of("twin");
  twin.match_type = "exact_arch";
  twin.scores.pipeline_score = twin.scores.mfi_score = 1;
  twin.scores.mfi_tier = 1;
  twin.scores.mfi_match = "exact";
  twin.scores.provenance_decision = "Confirmed Match";
  scan.matches = {parent, twin};
  return scan;
}

Scan empty_scan() {
  Scan scan = scan_of("models/without-weights");
  scan.model.summary.parameters = 0;
  scan.model.summary.notes = {"there are no weights"};
  scan.model.head_dim.reset();
  scan.model.num_key_value_heads.reset();
  scan.model.tie_word_embeddings.reset();
  scan.model.hidden_act.reset();
  scan.model.has_weight_signals = false;
  return scan;
}

Scan hostile_scan() {
  const std::string text = "evil\x1b[31m\nmodel: forged \xe2\x80\xae\xff";
  Scan scan = scan_of(text);
  scan.model.summary.notes = {text};
  scan.model.summary.model_type = text;
  scan.model.architectures = {text, text};
  scan.model.arch_hash = scan.model.family_hash = text;
  scan.model.hidden_act = text;
  ScanMatch match = match_of(text);
  match.family_id = match.family_name = match.publisher = match.source_uri = text;
  match.param_bucket = text;
  match.lineage.reasons = {text};
  match.lineage.conflicts = {text};
  match.lineage.relation = text;
  match.weights_compared = true;
  match.compared_by = ComparedBy::fingerprint;
  scan.matches = {match};
  scan.database.path = text;
  scan.database.notes = {text};
  scan.database.damaged = {{.message = text, .file = text, .field = text}};
  return scan;
}

}  // namespace prov::test
