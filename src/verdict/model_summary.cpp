#include "verdict/model_summary.hpp"

#include "base/try.hpp"
#include "model/config/config_facts.hpp"

namespace prov::verdict {

ModelSummary summarise(const model::Model& model, std::string_view reference) {
  ModelSummary summary;
  summary.reference = reference;
  summary.notes = model.notes;
  summary.tensors = model.checkpoint.tensors.size();
  summary.bytes = model.checkpoint.bytes();
  for (const model::Tensor& tensor : model.checkpoint.tensors) {
    summary.parameters += tensor.elements();
    if (tensor.role.kind == model::RoleKind::unknown) {
      summary.unexplained.push_back(tensor.info.name);
    }
  }
  return summary;
}

Result<ModelSummary> summarise_with_config(const model::Model& model, std::string_view reference) {
  ModelSummary summary = summarise(model, reference);
  model::ConfigFacts config;
  if (model.config_text) {
    PROV_TRY(config, model::read_config_facts(*model.config_text,
                                              (model.snapshot.directory / "config.json").string()));
    summary.notes.insert(summary.notes.end(), config.notes.begin(), config.notes.end());
  }
  summary.model_type = config.model_type;
  if (!config.architectures.empty()) summary.architecture = config.architectures.front();
  return summary;
}

}  // namespace prov::verdict
