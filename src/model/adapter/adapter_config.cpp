#include "model/adapter/adapter_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "model/json_text.hpp"

namespace prov::model {
namespace {

using nlohmann::json;

constexpr const char* kFile = "adapter_config.json";
constexpr std::uint64_t kMostBytes = 32u << 20;

/// Keys whose use changes what is to be done, and is not done here.
constexpr const char* kNotApplied[] = {
    "layer_replication", "target_parameters", "trainable_token_indices",
    "use_qalora",        "use_bdlora",        "lora_bias"};
/// Initialisations after which the shipped factors belong to a changed base.
constexpr std::string_view kChangeTheBase[] = {"pissa", "olora", "loftq", "corda"};

bool says_something(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  return !value.is_null() && !((value.is_array() || value.is_object()) && value.empty());
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_true(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::string reason_not_to_apply(const json& object, const std::string& type) {
  if (type != "LORA")
    return fmt::format("adapters of the type \"{}\" are not applied", base::printable(type));
  for (const char* key : kNotApplied) {
    const auto found = object.find(key);
    if (found != object.end() && says_something(*found))
      return fmt::format("{} is not applied", key);
  }
  std::string start = text_of(object, "init_lora_weights");
  std::ranges::transform(start, start.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (const std::string_view name : kChangeTheBase) {
    if (start.starts_with(name))
      return fmt::format("its initialisation \"{}\" changes the base itself", name);
  }
  return {};
}

Error malformed(const source::Snapshot& snapshot, const char* field, std::string message) {
  return {.code = ErrorCode::malformed,
          .message = std::move(message),
          .file = (snapshot.directory / kFile).string(),
          .field = field,
          .hint = {}};
}

Result<double> positive(const source::Snapshot& snapshot, const json& object, const char* key) {
  const auto found = object.find(key);
  constexpr double kMost = 1 << 20;
  if (found != object.end() && found->is_number() && found->get<double>() > 0 &&
      found->get<double>() <= kMost)
    return found->get<double>();
  return malformed(snapshot, key, "a LoRA adapter needs a positive number here");
}

/// Reads `key`; a pattern that is more than a name is the reason not to apply the adapter.
Result<ModulePattern> pattern(const source::Snapshot& snapshot, const json& object, const char* key,
                              std::string& not_applied) {
  ModulePattern pattern;
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return pattern;
  if (!found->is_object()) return malformed(snapshot, key, "not an object");
  for (const auto& [name, number] : found->items()) {
    if (!number.is_number() || !(number.get<double>() > 0))
      return malformed(snapshot, key, "a pattern without a positive number");
    if (name.find_first_of("^$*+?()[]{}|\\") != std::string::npos)
      not_applied = fmt::format("the regular expression in {} is not applied", key);
    pattern.emplace_back(name, number.get<double>());
  }
  return pattern;
}

/// The first name that ends the module's, as PEFT looks for it.
double number_of(const ModulePattern& pattern, const std::string& module, double otherwise) {
  for (const auto& [name, number] : pattern) {
    if (module == name || module.ends_with("." + name)) return number;
  }
  return otherwise;
}

}  // namespace

double AdapterConfig::rank_of(const std::string& module) const {
  return number_of(rank_pattern, module, rank);
}

double AdapterConfig::scale_of(const std::string& module) const {
  const double r = rank_of(module);
  return number_of(alpha_pattern, module, alpha) / (rank_stabilised ? std::sqrt(r) : r);
}

Result<std::optional<AdapterConfig>> read_adapter_config(const source::Snapshot& snapshot) {
  if (!snapshot.contains(kFile)) return std::optional<AdapterConfig>();
  PROV_TRY(const auto file, snapshot.open(kFile));
  PROV_TRY(const std::string text, source::read_all(*file, kMostBytes));
  PROV_TRY(const json object, parse_json_text(text, file->name()));
  if (!object.is_object()) return malformed(snapshot, "", "not a JSON object");
  AdapterConfig config{.type = text_of(object, "peft_type"),
                       .base_model = text_of(object, "base_model_name_or_path"),
                       .rank_pattern = {},
                       .alpha_pattern = {},
                       .rank_stabilised = is_true(object, "use_rslora"),
                       .weight_decomposed = is_true(object, "use_dora"),
                       .fan_in_fan_out = is_true(object, "fan_in_fan_out"),
                       .not_applied = {}};
  config.not_applied = reason_not_to_apply(object, config.type);
  if (!config.not_applied.empty()) return std::optional(std::move(config));
  PROV_TRY(config.rank, positive(snapshot, object, "r"));
  PROV_TRY(config.alpha, positive(snapshot, object, "lora_alpha"));
  PROV_TRY(config.rank_pattern, pattern(snapshot, object, "rank_pattern", config.not_applied));
  PROV_TRY(config.alpha_pattern, pattern(snapshot, object, "alpha_pattern", config.not_applied));
  return std::optional(std::move(config));
}

}  // namespace prov::model
