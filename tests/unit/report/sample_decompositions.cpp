#include "unit/report/sample_decompositions.hpp"

namespace prov::test {
namespace {

MergeCandidate candidate(std::string reference, CandidateStatus status, std::string why) {
  MergeCandidate made;
  made.model = {std::move(reference), "llama", "LlamaForCausalLM", 39, 161280, 322560, {}, {}};
  made.status = status;
  made.why = std::move(why);
  return made;
}

}  // namespace

Decomposition slerp_decomposition() {
  Decomposition d;
  d.child = {"models/merged", "llama", "LlamaForCausalLM", 39, 161280, 322560, {}, {}};
  d.candidates = {
      candidate("models/base", CandidateStatus::base, "given"),
      candidate("models/chat", CandidateStatus::parent, "takes away 96.8 % of the rest"),
      candidate("models/code", CandidateStatus::parent, "takes away 99.9 % of the rest"),
      candidate("models/chat-copy", CandidateStatus::not_needed, "equals models/chat"),
      candidate("models/large", CandidateStatus::not_comparable,
                "28 of the child's 28 layer matrices have no counterpart")};
  d.candidates[1].weight = Estimate{0.6, 0.000032};
  d.candidates[1].factor = 0.6115;
  d.candidates[2].weight = Estimate{0.4, 0.000029};
  d.candidates[2].factor = 0.4108;
  d.candidates[1].relative_difference = 0.1794;
  d.candidates[2].relative_difference = 0.2586;
  d.candidates[4].model.notes = {"config.json is missing"};
  d.base = 0;
  d.base_given = true;
  d.terms = {1, 2};
  d.merge_operator = MergeOperator::slerp;
  d.t = 0.39998;
  d.gain = 0.99956;
  d.explained = 0.99999;
  d.reasons = {"models/chat and models/code explain the child down to rounding",
               "The weights add up to more than one, as on the arc between the parents"};
  d.notes = {"The differences of models/chat and models/code to the base are nearly the same"};
  d.measures = {{"slerp_slope", 0.99983}, {"untouched_elements", std::nullopt}};
  d.numbers = {{"slerp-slope", "1 as on the arc, 0 on the line", 0.99983},
               {"residual-in-roundings", "what the fit leaves", 1.0021}};
  d.steps = {{1, 0.968, 0.032, true, 2, 0.9391}, {2, 0.9996, 1.4e-05, true, std::nullopt, 0}};
  d.layers = {{"layer 0", 0, 147456, {{0.6085, 0.0001}, {0.4095, 0.0001}}, 0.9988, 0.9999, 0.4},
              {"layer 1", 1, 147456, {}, std::nullopt, std::nullopt, std::nullopt}};
  d.modules = {
      {"gate", std::nullopt, 73728, {{0.612, 0.0001}, {0.4106, 0.0001}}, 0.9999, 1, 0.4},
      {"mlp_norm", std::nullopt, 256, {{0.6, 0.02}, {0.4, 0.02}}, 0.96, 0.9, std::nullopt}};
  d.correlations = {{1, 2, 0.9612}};
  d.total_seconds = 0.0512;
  return d;
}

Decomposition stacked_decomposition() {
  Decomposition d;
  d.child = {"models/stack", "llama", "LlamaForCausalLM", 75, 311280, 622560, {}, {}};
  d.candidates = {
      candidate("models/a", CandidateStatus::parent, "layers of the child are its layers"),
      candidate("models/b", CandidateStatus::parent, "layers of the child are its layers")};
  d.merge_operator = MergeOperator::passthrough;
  d.reasons = {"Each of the 6 layers equals a layer of a candidate in every sampled value"};
  d.slices = {{0, 0, 3, 0, true, 0}, {1, 3, 3, 4, false, 0.0421}, {1, 2, 2, 5, true, 0}};
  d.total_seconds = 1.25;
  return d;
}

Decomposition hostile_decomposition() {
  const std::string text = "evil\x1b[31m\nchild: forged \xe2\x80\xae\xff";
  Decomposition d;
  d.child.reference = text;
  d.child.notes = {text};
  d.candidates = {candidate(text, CandidateStatus::not_comparable, text)};
  d.candidates[0].model.unexplained = {text};
  d.reasons = {text};
  d.notes = {text};
  d.numbers = {{text, text, -0.0}};
  d.steps = {{0, 0, 1, false, std::nullopt, 0}};
  d.modules = {{text, std::nullopt, 0, {}, std::nullopt, std::nullopt, std::nullopt}};
  return d;
}

}  // namespace prov::test
