#include "model/config/config_facts.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "model/config/config_classes.hpp"
#include "model/json_text.hpp"

namespace prov::model {
namespace {

using nlohmann::json;

/// Reads single attributes. What the kit would refuse is read as far as it makes sense, with a
/// note.
class FieldReader {
 public:
  FieldReader(const json& attributes, std::vector<std::string>& notes)
      : attributes_(attributes), notes_(notes) {}

  const json* find(std::string_view name) const {
    const auto found = attributes_.find(name);
    return found == attributes_.end() ? nullptr : &*found;
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }

  /// std::nullopt if absent, null or unusable.
  std::optional<std::int64_t> integer(std::string_view name) {
    const json* value = find(name);
    if (!value || value->is_null()) return std::nullopt;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX)
      return unusable(name, *value);
    if (value->is_number_integer()) return value->get<std::int64_t>();
    if (value->is_number_float()) return integral(name, value->get<double>());
    if (value->is_string()) return parsed(name, value->get_ref<const std::string&>());
    return unusable(name, *value);
  }

  /// A count that the kit wants to be there: absent is 0, null is 0 with a note.
  std::int64_t count(std::string_view name) {
    const json* value = find(name);
    if (value && value->is_null())
      notes_.push_back(fmt::format("config.json: {} is null, read as 0", name));
    return integer(name).value_or(0);
  }

  std::optional<bool> boolean(std::string_view name) {
    const json* value = find(name);
    if (!value || value->is_null()) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    if (value->is_number_integer() && (*value == 0 || *value == 1)) return *value == 1;
    unusable(name, *value);
    return std::nullopt;
  }

  std::optional<std::string> text(std::string_view name) {
    const json* value = find(name);
    if (!value || value->is_null()) return std::nullopt;
    if (value->is_string()) return value->get<std::string>();
    unusable(name, *value);
    return std::nullopt;
  }

  bool truthy(std::string_view name) const {
    const json* value = find(name);
    return value && is_truthy(*value);
  }

  std::nullopt_t unusable(std::string_view name, const json& value) {
    notes_.push_back(fmt::format("config.json: {} is {} {}, not used", name,
                                 value.is_array() || value.is_object() ? "an" : "a",
                                 value.type_name()));
    return std::nullopt;
  }

 private:
  std::optional<std::int64_t> integral(std::string_view name, double number) {
    if (!(std::fabs(number) < 9e15) || number != std::trunc(number)) return unusable(name, number);
    notes_.push_back(fmt::format("config.json: {} is written as a decimal number", name));
    return static_cast<std::int64_t>(number);
  }
  std::optional<std::int64_t> parsed(std::string_view name, const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) return unusable(name, text);
    notes_.push_back(fmt::format("config.json: {} is written as text", name));
    return number;
  }

  const json& attributes_;
  std::vector<std::string>& notes_;
};

/// Old files of some composite types hold the keys of the text model at the top.
json text_keys(const std::string& text_type, const json& file) {
  json result = json::object();
  const json& declared = (*find_config_class(text_type))["d"];
  for (const auto& [key, value] : file.items()) {
    const bool rope = key == "rope_scaling" || key == "rope_theta" || key == "rope_parameters";
    if (rope || declared.contains(key)) result[key] = value;
  }
  return result;
}

/// The configuration of the language model inside a composite one; `attributes` itself where there
/// is none.
json text_attributes(const std::string& model_type, const json& file, json attributes,
                     std::vector<std::string>& notes) {
  const json* facts = find_config_class(model_type);
  const bool flat = facts && facts->contains("flat");
  const auto hidden_size = attributes.find("hidden_size");
  if (!flat && hidden_size != attributes.end() && *hidden_size != 0) return attributes;
  json part = json::array(
      {"text_config", "", "any", json::object()});  // unknown types: the name that nearly all use
  if (facts) {
    if (!facts->contains("text")) return attributes;
    part = (*facts)["text"];
  }
  const std::string name = part[0];
  std::string inner_type = part[1];
  const bool given = file.contains(name) && file[name].is_object();
  if (!given && inner_type.empty()) return attributes;
  json inner = given ? file[name] : part[3];
  if (!given && flat) inner = text_keys(inner_type, file);
  if (part[2] == "any" && inner.contains("model_type") && inner["model_type"].is_string()) {
    inner_type = inner["model_type"];
  }
  if (!find_config_class(inner_type)) {
    notes.push_back(fmt::format("config.json: {} has the unknown model_type \"{}\"", name,
                                base::printable(inner_type)));
  }
  json result = config_attributes(inner_type, inner);
  const auto inner_hidden = result.find("hidden_size");
  const bool usable =
      inner_hidden != result.end() && inner_hidden->is_number() && *inner_hidden > 0;
  return usable ? result : attributes;
}

std::int64_t intermediate_size(FieldReader& fields, std::int64_t hidden_size) {
  for (const char* name :
       {"intermediate_size", "d_ff", "encoder_ffn_dim", "decoder_ffn_dim", "ffn_dim"}) {
    if (const auto size = fields.integer(name); size && *size > 0) return *size;
  }
  const std::int64_t hidden_dim = fields.integer("hidden_dim").value_or(0);
  return hidden_dim > 0 && hidden_dim != hidden_size ? hidden_dim : 0;
}

std::optional<ConfigNumber> rope_theta(FieldReader& fields) {
  const json* value = fields.find("rope_theta");
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_number_float()) return ConfigNumber(value->get<double>());
  const auto number = fields.integer("rope_theta");
  return number ? std::optional<ConfigNumber>(*number) : std::nullopt;
}

/// The text of a JSON value as Python's str() gives it, as far as the kit hashes it.
std::string python_text(const json& value) {
  if (value.is_null()) return "None";
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void read_rope_scaling(FieldReader& fields, ConfigFacts& facts) {
  const json* value = fields.find("rope_parameters");
  if (!value || value->is_null()) return;
  if (!value->is_object()) {
    fields.unusable("rope_scaling", *value);
    return;
  }
  facts.rope_scaling = value->dump(-1, ' ', false, json::error_handler_t::replace);
  if (const auto type = value->find("type"); type != value->end())
    facts.rope_scaling_type = python_text(*type);
}

void read_architectures(const json& file, ConfigFacts& facts) {
  const auto found = file.find("architectures");
  if (found != file.end() && found->is_array()) {
    for (const json& name : *found) {
      if (name.is_string()) facts.architectures.push_back(name);
    }
    if (facts.architectures.size() == found->size()) return;
  }
  facts.notes.push_back("config.json: architectures is missing or no list of names");
}

void read_dimensions(FieldReader& fields, ConfigFacts& facts) {
  facts.hidden_size = fields.count("hidden_size");
  facts.num_hidden_layers = fields.count("num_hidden_layers");
  facts.num_attention_heads = fields.count("num_attention_heads");
  facts.num_key_value_heads = fields.integer("num_key_value_heads");
  facts.intermediate_size = intermediate_size(fields, facts.hidden_size);
  facts.vocab_size = fields.count("vocab_size");
  facts.max_position_embeddings = fields.count("max_position_embeddings");
  facts.head_dim = fields.integer("head_dim");
}

void read_traits(FieldReader& fields, ConfigFacts& facts) {
  facts.hidden_act = fields.text(fields.has("hidden_act") ? "hidden_act" : "hidden_activation");
  facts.rope_theta = rope_theta(fields);
  read_rope_scaling(fields, facts);
  facts.tie_word_embeddings = fields.boolean("tie_word_embeddings");
  facts.attention_bias = fields.boolean(fields.has("attention_bias") ? "attention_bias" : "bias");
  const json* scalar = fields.find("query_pre_attn_scalar");
  facts.qk_norm =
      fields.truthy("qk_layernorm") || fields.truthy("qk_norm") || (scalar && !scalar->is_null());
  if (fields.has("rms_norm_eps") || fields.has("rms_norm_epsilon")) {
    facts.norm_type = "RMSNorm";
  } else if (fields.has("layer_norm_eps") || fields.has("layer_norm_epsilon")) {
    facts.norm_type = "LayerNorm";
  }
  if (facts.rope_theta) {
    facts.pos_encoding = "RoPE";
  } else if (fields.has("position_embedding_type")) {
    const auto type = fields.text("position_embedding_type");
    if (!type)
      facts.notes.push_back("config.json: position_embedding_type is null, read as absolute");
    facts.pos_encoding = type.value_or("absolute");
  }
}

std::string read_model_type(const json& file, std::vector<std::string>& notes) {
  const auto found = file.find("model_type");
  if (found == file.end() || !found->is_string()) {
    notes.push_back("config.json: model_type is missing");
    return "unknown";
  }
  std::string type = *found;
  // transformers reads a Mistral with alternating layers as a Ministral.
  if (type == "mistral" && file.contains("layer_types")) return "ministral";
  if (!find_config_class(type)) {
    notes.push_back(
        fmt::format("config.json: unknown model_type \"{}\", its fields are read as they stand",
                    base::printable(type)));
  }
  return type;
}

}  // namespace

Result<ConfigFacts> read_config_facts(std::string_view config_json, std::string_view file_name) {
  if (config_json.size() > kMaxConfigBytes) {
    return Error{.code = ErrorCode::too_large,
                 .message = fmt::format("is larger than {} bytes", kMaxConfigBytes),
                 .file = std::string(file_name)};
  }
  PROV_TRY(json file, parse_json_text(config_json, file_name));
  if (!file.is_object()) {
    return Error{.code = ErrorCode::malformed,
                 .message = "is not a JSON object",
                 .file = std::string(file_name)};
  }
  ConfigFacts facts;
  facts.model_type = read_model_type(file, facts.notes);
  read_architectures(file, facts);
  const json top = config_attributes(facts.model_type, file);
  const json attributes = text_attributes(facts.model_type, file, top, facts.notes);
  FieldReader fields(attributes, facts.notes);
  read_dimensions(fields, facts);
  read_traits(fields, facts);
  facts.tokenizer_class = FieldReader(file, facts.notes).text("tokenizer_class").value_or("");
  const std::int64_t head_dim = facts.head_dim.value_or(0), heads = facts.num_attention_heads;
  if (head_dim > 0 && heads > 0 && head_dim == facts.hidden_size / heads &&
      facts.hidden_size % heads != 0) {
    facts.notes.push_back("config.json: hidden_size is not a multiple of num_attention_heads");
  }
  return facts;
}

}  // namespace prov::model
