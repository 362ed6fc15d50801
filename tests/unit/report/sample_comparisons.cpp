#include "unit/report/sample_comparisons.hpp"

namespace prov::test {

Comparison related_comparison() {
  Comparison c;
  c.a = {"models/tiny-a", "llama", "LlamaForCausalLM", 39, 161280, 322560, {}, {}};
  c.b = {
      "models/tiny-b",
      "llama",
      "LlamaForCausalLM",
      41,
      1234567890,
      2469135780,
      {"extra.scale", "extra.zero_point", "extra.three", "extra.four", "extra.five", "extra.six"},
      {"tokenizer.json is missing; vocab.json and merges.txt were read instead"}};
  c.signals = {0.9911, 0.9899, 1.0, 0.9833, 0.9923, 1.0, 1.0};
  c.scores = {0.9,      2, "family", 0.9912, 1.0, 0.9, "Confirmed Match", "High-Confidence Match",
              "#2ecc71"};
  c.lineage.lineage_class = LineageClass::derived;
  c.lineage.relation = "fine-tuned";
  c.lineage.direction = Direction::a_to_b;
  c.lineage.probability = 0.9987;
  c.lineage.reasons = {
      "The hidden units of all 4 MLPs stand in the same order in both models (z = 303.2; chance "
      "gives |z| < 5), "
      "which training from another seed does not do",
      "The weights agree in every role (lowest cosine 0.9712, query)"};
  c.lineage.conflicts = {"config.json of models/tiny-b claims another base model"};
  c.lineage.evidence = {
      {"hidden-permutation-z", "Hidden units of 4 MLPs match in place, z = 303.2", 0.9923, 303.2,
       -19966.25, "hidden units are exchangeable", "hidden", 1024,
       "12 pairs of layers at other places: |z| at most 2.1", "computed"},
      {"token-basis-match", "", std::nullopt, std::nullopt, std::nullopt,
       "token rows are exchangeable", "token", 0, "", "not-computable: no common tokens"}};
  c.lineage.agreement = {{"token_embedding", 1, 0, 0.9999999, 0.00001234, 0.99999, 0},
                         {"query", 4, 1, 0.9712, 0.25, 0.0, 0},
                         {"input_norm", 4, 0, 1.0, 0.0, 1.0, 4}};
  c.lineage.operations = {{"pruned", "depth: layers 1 of A are missing in B", 1},
                          {"fine-tuned", "dense differences, mean cosine 0.9923", 0.9923}};
  c.lineage.measures = {{"order_z", 117.5}, {"geometry_cka", std::nullopt}};
  c.lineage.layer_map = {
      .basis = "unit-order",
      .origins = {{0, {}, 0, {}, 0.9951, 88.1}, {1, {}, 2, {}, 0.9923, 87.4}, {2, 1, {}, {}, 0, 0}},
      .repeated = {},
      .unused = {1},
      .jumps = {1}};
  c.timing = {0.7784, 0.0331, 0.74449};
  return c;
}

Comparison stranger_comparison() {
  Comparison c;
  c.a = {"zoo/gpt2-a", "gpt2", "GPT2LMHeadModel", 52, 865344, 1730688, {}, {}};
  c.b = {"zoo/gpt2-a2", "gpt2", "GPT2LMHeadModel", 52, 865344, 1730688, {}, {}};
  c.signals = {0.0312, 0.9943, 0.3152, 0.9349, -0.0, 1.0, 1.0};
  c.scores = {1.0,      1, "exact", 0.4876, 1.0, 1.0, "Confirmed Match", "High-Confidence Match",
              "#2ecc71"};
  c.lineage.lineage_class = LineageClass::independent;
  c.lineage.reasons = {
      "Roles and shapes agree, the weights do not; a re-parameterised copy is not yet excluded"};
  c.depth = Depth::fast;
  c.lineage.layer_map.basis = "none";
  c.lineage.evidence = {
      {"hidden-permutation-z", "Hidden units of 4 MLPs match no better than by chance, z = -0.4",
       0.0012, -0.4, -0.1, "hidden units are exchangeable", "hidden", 1536, "", "computed"}};
  c.timing = {0.04, 0.01, 0.03};
  return c;
}

Comparison hostile_comparison() {
  Comparison c;
  c.a.reference = "a\xff\x1b[31m\"b\\\t";
  c.b.reference = "\xe6\xa8\xa1\xe5\x9e\x8b/caf\xc3\xa9-\xf0\x9f\x98\x80\xe2\x80\xaegnp";
  c.a.model_type = c.b.model_type = "unknown";
  c.a.notes = {"no weights\nmodel_a: forged line", "no config.json"};
  c.b.unexplained = {std::string("nul\0name", 8),
                     "\xe6\xa8\xa1\xe5\x9e\x8b\xe6\xa8\xa1\xe5\x9e\x8b"};
  c.scores.provenance_decision = "Not Matched (metadata only)";
  c.scores.mfi_score = 1e-5;
  c.scores.mfi_match = "soft_match";
  c.scores.label = "Not Matched";
  c.scores.colour = "#e74c3c";
  c.lineage.layer_map.basis = "none";
  c.lineage.operations = {{"merged", "a forged \x1b[31m detail", 1e-300}};
  c.lineage.reasons = {"models have no common roles: \x1b]0;title\x07"};
  c.lineage.evidence = {
      {"a-test-with-a-very-long-name-that-has-no-space-in-it-and-does-not-end-soon-enough-to-fit",
       "\xe6\xa8\xa1\xe5\x9e\x8b\xe6\xa8\xa1\xe5\x9e\x8b\xe6\xa8\xa1\xe5\x9e\x8b and e\xcc\x81",
       1e300, std::nullopt, std::nullopt, "", "", 18446744073709551615u, "", "computed"}};
  return c;
}

}  // namespace prov::test
