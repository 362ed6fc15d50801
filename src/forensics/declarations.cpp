#include "forensics/declarations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/printable.hpp"
#include "base/white_space.hpp"
#include "model/config/config_facts.hpp"
#include "model/weight_view.hpp"

namespace prov::forensics {
namespace {

using model::RoleKind;

constexpr std::uint64_t kMostTextBytes = std::uint64_t{1} << 20;
constexpr const char* kAdapterFile = "adapter_config.json";

std::string_view unquoted(std::string_view text) { return base::trimmed(text, " \t\r\n\"'"); }

/// `base_model: x`, or a list of `- x` lines below `base_model:`, in the front matter between two
/// lines of dashes.
std::vector<std::string> base_models(std::string_view card) {
  std::vector<std::string> found;
  if (!card.starts_with("---")) return found;
  bool in_list = false;
  for (std::size_t at = card.find('\n'); at != std::string_view::npos;) {
    const std::size_t end = card.find('\n', at + 1);
    const std::string_view line =
        card.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    at = end;
    constexpr std::string_view kKey = "base_model:";
    if (line.starts_with("---")) break;
    if (line.starts_with(kKey)) {
      const std::string_view value = unquoted(line.substr(kKey.size()));
      in_list = value.empty();
      if (!value.empty()) found.emplace_back(value);
    } else if (in_list && unquoted(line).starts_with("- ")) {
      found.emplace_back(unquoted(unquoted(line).substr(2)));
    } else {
      in_list = false;
    }
  }
  return found;
}

void add_text_field(std::vector<std::string>& origins, std::string_view json, const char* key) {
  const auto object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object()) return;
  const auto field = object.find(key);
  if (field != object.end() && field->is_string()) origins.push_back(field->get<std::string>());
}

/// A small text file of the model; empty if it is missing or unreadable.
std::string text_file(const source::Snapshot& snapshot, const char* name) {
  if (!snapshot.contains(name)) return {};
  auto file = snapshot.open(name);
  if (!file) return {};
  auto text = source::read_all(**file, kMostTextBytes);
  return text ? *std::move(text) : std::string();
}

std::vector<std::string> declared_origins(const model::Model& model) {
  std::vector<std::string> origins;
  if (model.config_text) add_text_field(origins, *model.config_text, "_name_or_path");
  add_text_field(origins, text_file(model.snapshot, kAdapterFile), "base_model_name_or_path");
  std::ranges::move(base_models(text_file(model.snapshot, "README.md")),
                    std::back_inserter(origins));
  if (model.checkpoint.gguf) {
    constexpr int kMost = 16;
    for (int i = 0; i < kMost; ++i) {
      const std::string* name =
          model.checkpoint.gguf->text(fmt::format("general.base_model.{}.name", i));
      if (name != nullptr) origins.push_back(*name);
    }
  }
  std::erase_if(origins, [](const std::string& origin) { return origin_name(origin).empty(); });
  return origins;
}

/// Sizes as the tensors have them; 0 where they do not say.
struct TensorSizes {
  std::uint64_t width = 0, layers = 0, vocabulary = 0;
};

/// Only for models of one stack of layers: config.json counts those of an encoder and a decoder
/// under several names.
TensorSizes tensor_sizes(const model::Checkpoint& checkpoint) {
  TensorSizes sizes;
  std::set<model::Tower> towers;
  std::set<int> layers;
  for (const model::Tensor& tensor : checkpoint.tensors) {
    if (tensor.role.layer >= 0 && tensor.role.tower != model::Tower::speculative) {
      towers.insert(tensor.role.tower);
      layers.insert(tensor.role.layer);
    }
    const bool weight =
        tensor.role.parameter == model::Parameter::weight && tensor.info.shape.size() == 2;
    if (weight && tensor.role.kind == RoleKind::token_embedding)
      sizes.vocabulary = tensor.info.shape[0];
  }
  if (towers.size() > 1) return {};
  sizes.layers = layers.size();
  for (const auto& [address, view] : model::weight_views(checkpoint, 1)) {
    if (address.kind == RoleKind::down) sizes.width = view.outputs;
  }
  return sizes;
}

void check(std::vector<std::string>& contradictions, const char* field, std::int64_t declared,
           std::uint64_t stored, const char* meaning) {
  if (declared <= 0 || stored == 0 || static_cast<std::uint64_t>(declared) == stored) return;
  contradictions.push_back(fmt::format("config.json says {} {}, the tensors have {} {}", field,
                                       declared, stored, meaning));
}

std::vector<std::string> contradictions(const model::ConfigFacts& facts,
                                        const model::Checkpoint& checkpoint) {
  const TensorSizes sizes = tensor_sizes(checkpoint);
  std::vector<std::string> found;
  check(found, "hidden_size", facts.hidden_size, sizes.width, "columns");
  check(found, "vocab_size", facts.vocab_size, sizes.vocabulary, "embedding rows");
  // One stored layer may serve many times (ALBERT).
  if (sizes.layers > 1)
    check(found, "num_hidden_layers", facts.num_hidden_layers, sizes.layers, "layers");
  return found;
}

}  // namespace

Declarations read_declarations(const model::Model& model) {
  Declarations declarations{.name = origin_name(model.snapshot.reference),
                            .origins = declared_origins(model),
                            .adapter = model.snapshot.contains(kAdapterFile)};
  if (!model.config_text) return declarations;
  if (auto facts = model::read_config_facts(*model.config_text, "config.json")) {
    if (facts->model_type != "unknown") declarations.model_type = facts->model_type;
    declarations.contradictions = contradictions(*facts, model.checkpoint);
  }
  return declarations;
}

std::string origin_name(std::string_view reference) {
  while (reference.ends_with('/')) reference.remove_suffix(1);
  const std::size_t slash = reference.find_last_of("/\\");
  std::string name(slash == std::string_view::npos ? reference : reference.substr(slash + 1));
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (name == "." || name == "..") name.clear();
  return name;
}

}  // namespace prov::forensics
