#include "model/model.hpp"

#include "base/try.hpp"
#include "model/gguf/gguf_config.hpp"
#include "model/gguf/gguf_tokenizer.hpp"

namespace prov::model {
namespace {

constexpr std::uint64_t kMaxConfigBytes = 64u << 20;  // real files are below 100 KB

Result<std::optional<std::string>> read_config_text(const source::Snapshot& snapshot) {
  if (!snapshot.contains("config.json")) return std::optional<std::string>{};
  PROV_TRY(auto file, snapshot.open("config.json"));
  PROV_TRY(auto text, source::read_all(*file, kMaxConfigBytes));
  return std::optional<std::string>(std::move(text));
}

/// A GGUF describes itself; files beside it may belong to another model, and count only where it is
/// silent.
Result<void> read_description(Model& model) {
  if (model.checkpoint.gguf) {
    model.config_text = gguf_config_text(model.checkpoint);
    PROV_TRY(model.tokenizer,
             read_gguf_tokenizer(*model.checkpoint.gguf, model.checkpoint.files.front()->name()));
  }
  if (!model.config_text) {
    PROV_TRY(model.config_text, read_config_text(model.snapshot));
  }
  if (!model.tokenizer) {
    PROV_TRY(model.tokenizer, read_tokenizer(model.snapshot));
  }
  return {};
}

}  // namespace

Result<Model> open_model(std::string_view reference) {
  Model model;
  PROV_TRY(model.snapshot, source::locate(reference));
  PROV_TRY(model.checkpoint, open_checkpoint(model.snapshot));
  PROV_CHECK(read_description(model));

  const bool has_weights = !model.checkpoint.tensors.empty();
  if (!has_weights && !model.config_text && !model.tokenizer) {
    return Error{.code = ErrorCode::not_found,
                 .message = "no model here: neither weights, config.json nor a tokenizer",
                 .file = std::string(reference)};
  }
  if (!has_weights) model.notes.push_back("no weights found");
  if (!model.config_text) model.notes.push_back("no config.json");
  if (!model.tokenizer) model.notes.push_back("no tokenizer files");
  for (const std::string& warning : model.checkpoint.warnings) model.notes.push_back(warning);
  return model;
}

}  // namespace prov::model
