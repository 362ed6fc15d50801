#include "model/model.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "model/adapter/merge_adapter.hpp"
#include "model/gguf/gguf_config.hpp"
#include "model/gguf/gguf_tokenizer.hpp"
#include "source/file_name.hpp"

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

/// What an adapter says of itself; by what it holds it is no model that a role explains.
Result<void> note_adapter(Model& model) {
  if (!holds_adapter(model.checkpoint)) return {};
  PROV_TRY(const auto config, read_adapter_config(model.snapshot));
  if (!config) return {};
  std::string note = fmt::format("an adapter of type {}", base::printable(config->type));
  if (config->rank > 0) note += fmt::format(", rank {}", config->rank);
  note += config->base_model.empty()
              ? "; it names no base"
              : fmt::format("; it claims the base \"{}\"", base::printable(config->base_model));
  if (!config->not_applied.empty()) note += "; " + config->not_applied;
  model.notes.push_back(std::move(note));
  return {};
}

}  // namespace

Result<Model> open_model(std::string_view reference) {
  Model model;
  PROV_TRY(model.snapshot, source::locate(reference));
  if (source::is_fingerprint_file(model.snapshot.weight_file)) {
    return Error{.code = ErrorCode::not_weights,
                 .message = "a fingerprint file holds no weights",
                 .file = std::string(reference),
                 .hint = "scan, db add and inspect take it"};
  }
  PROV_TRY(model.checkpoint, open_checkpoint(model.snapshot));
  PROV_CHECK(read_description(model));

  const bool has_weights = !model.checkpoint.tensors.empty();
  if (!has_weights && !model.config_text && !model.tokenizer) {
    return Error{.code = ErrorCode::not_found,
                 .message = "no model here: neither weights, config.json nor a tokenizer",
                 .file = std::string(reference)};
  }
  if (!has_weights) model.notes.push_back("no weights found");
  PROV_CHECK(note_adapter(model));
  if (!model.config_text) model.notes.push_back("no config.json");
  if (!model.tokenizer) model.notes.push_back("no tokenizer files");
  for (const std::string& warning : model.checkpoint.warnings) model.notes.push_back(warning);
  return model;
}

}  // namespace prov::model
