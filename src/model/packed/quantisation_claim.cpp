#include "model/packed/quantisation_claim.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "model/json_text.hpp"

namespace prov::model {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMostBytes = 32u << 20;

std::optional<json> object_in(const source::Snapshot& snapshot, std::string_view name) {
  if (!snapshot.contains(name)) return std::nullopt;
  const auto file = snapshot.open(name);
  if (!file) return std::nullopt;
  const auto text = source::read_all(**file, kMostBytes);
  if (!text) return std::nullopt;
  auto parsed = parse_json_text(*text, name);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  return *std::move(parsed);
}

const json* member(const json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && !found->is_null() ? &*found : nullptr;
}

const json* member_object(const json& object, std::string_view key) {
  const json* const found = member(object, key);
  return found != nullptr && found->is_object() ? found : nullptr;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

QuantisationClaim claim_of(std::string_view file, const json& facts, std::string_view fallback) {
  QuantisationClaim claim{
      .file = std::string(file), .method = {}, .facts = std::make_shared<const json>(facts)};
  claim.method = lower(claim.text("quant_method").value_or(std::string(fallback)));
  constexpr std::string_view kPublisher = "intel/";  // "intel/auto-round"
  if (claim.method.starts_with(kPublisher)) claim.method.erase(0, kPublisher.size());
  return claim;
}

std::optional<QuantisationClaim> from_config(const json& config, std::string_view file) {
  const json* const named = member_object(config, "quantization_config");
  if (named != nullptr && member(*named, "quant_method") != nullptr)
    return claim_of(file, *named, "unnamed");
  if (const json* facts = member_object(config, "compression_config"))
    return claim_of(file, *facts, "compressed-tensors");
  if (const json* facts = member_object(config, "quantization"))
    return claim_of(file, *facts, "mlx");
  if (named != nullptr) return claim_of(file, *named, "unnamed");
  if (const json* text = member_object(config, "text_config")) return from_config(*text, file);
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> QuantisationClaim::whole_number(std::string_view key) const {
  const json* const found = member(*facts, key);
  if (found == nullptr) return std::nullopt;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  if (!found->is_number_float()) return std::nullopt;
  const double value = found->get<double>();
  constexpr double kLargest = 9007199254740992.0;
  if (!(std::abs(value) < kLargest) || value != std::trunc(value)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<std::string> QuantisationClaim::text(std::string_view key) const {
  const json* const found = member(*facts, key);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

bool QuantisationClaim::is_true(std::string_view key) const {
  const json* const found = member(*facts, key);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

bool QuantisationClaim::names(std::string_view key) const { return member(*facts, key) != nullptr; }

std::optional<QuantisationClaim> read_quantisation_claim(const source::Snapshot& snapshot) {
  if (const auto config = object_in(snapshot, "config.json")) {
    if (auto claim = from_config(*config, "config.json")) return claim;
  }
  if (const auto facts = object_in(snapshot, "quantize_config.json"))
    return claim_of("quantize_config.json", *facts, "gptq");
  if (const auto facts = object_in(snapshot, "quant_config.json"))
    return claim_of("quant_config.json", *facts, "awq");
  if (const auto facts = object_in(snapshot, "hf_quant_config.json")) {
    if (const json* inner = member_object(*facts, "quantization"))
      return claim_of("hf_quant_config.json", *inner, "modelopt");
  }
  return std::nullopt;
}

}  // namespace prov::model
