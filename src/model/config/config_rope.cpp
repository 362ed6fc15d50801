#include "model/config/config_rope.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "model/config/config_classes.hpp"

namespace prov::model {
namespace {

using nlohmann::json;

constexpr double kDefaultTheta = 10000.0;

/// A member that may be absent.
json member(const json& object, std::string_view key, const json& otherwise = nullptr) {
  const auto found = object.find(key);
  return found == object.end() ? otherwise : *found;
}

void set_default(json& object, std::string_view key, json value) {
  if (!object.contains(key)) object[std::string(key)] = std::move(value);
}

/// "$name" in a class default stands for the value of an attribute.
json class_default(const json& settings, const json& values) {
  json result = member(settings, "default");
  if (!result.is_object()) return result;
  for (json& value : result) {
    if (!value.is_string() || !value.get_ref<const std::string&>().starts_with('$')) continue;
    value = member(values, value.get_ref<const std::string&>().substr(1));
  }
  return result;
}

/// Long-context types carry the length that the model was trained with.
void complete_original_length(json& parameters, const json& values) {
  const std::string type =
      member(parameters, "rope_type").is_string() ? parameters["rope_type"].get<std::string>() : "";
  if (type != "llama3" && type != "yarn" && type != "longrope") return;
  constexpr auto kKey = "original_max_position_embeddings";
  if (values.contains(kKey)) {
    parameters[kKey] = values[kKey];
  } else {
    set_default(parameters, kKey, member(values, "max_position_embeddings"));
  }
}

json join_layered(const json& settings, const json& file, json& values) {
  json& parameters = values["rope_parameters"];
  if (!parameters.is_object()) parameters = json::object();
  json used = {"rope_scaling"};
  const json scaling = member(file, "rope_scaling");
  for (const auto& [layer, theta] : settings["layers"].items()) {
    json& part = parameters[layer];
    if (!part.is_object()) part = json::object({{"rope_type", "default"}});
    const bool scaled = layer == "full_attention" || settings["scale_all"] == true;
    if (scaled && scaling.is_object()) part.update(scaling);
    const std::string key = settings["keys"][layer];
    if (!part.contains("rope_theta")) {
      part["rope_theta"] = member(file, key, theta);
      used.push_back(key);
    }
    complete_original_length(part, values);
  }
  return used;
}

json join_global(const json& settings, const json& file, json& values) {
  json& parameters = values["rope_parameters"];
  if (const json scaling = member(file, "rope_scaling"); is_truthy(scaling)) parameters = scaling;
  if (!parameters.is_object()) parameters = json::object();

  const std::string theta_key = member(settings, "theta_key", "rope_theta");
  const json theta = member(values, "rope_theta", member(settings, "theta", kDefaultTheta));
  set_default(parameters, "rope_theta", member(file, theta_key, theta));

  const std::string partial_key = member(settings, "partial_key", "partial_rotary_factor");
  const json declared = member(values, "partial_rotary_factor");
  const json partial =
      member(file, partial_key, declared.is_null() ? member(settings, "partial") : declared);
  if (!partial.is_null()) set_default(parameters, "partial_rotary_factor", partial);

  if (settings.contains("mrope") &&
      member(parameters, "rope_type", member(parameters, "type")) == "mrope") {
    parameters["rope_type"] = "default";
  }
  complete_rope_type(parameters);
  complete_original_length(parameters, values);
  if (!declared.is_null()) parameters["partial_rotary_factor"] = declared;

  if (settings.contains("longrope") &&
      (parameters["rope_type"] == "su" || parameters["rope_type"] == "yarn")) {
    parameters["rope_type"] = "longrope";
  }
  if (settings.contains("floats")) {
    for (const char* key : {"beta_fast", "beta_slow", "factor"}) {
      if (member(parameters, key).is_number()) parameters[key] = parameters[key].get<double>();
    }
  }
  json used = {"rope_scaling", theta_key};
  if (partial_key != "partial_rotary_factor") used.push_back(partial_key);
  return used;
}

}  // namespace

void complete_rope_type(json& parameters) {
  if (!parameters.is_object() || parameters.empty()) return;
  bool layered = true;
  for (const json& part : parameters) layered = layered && part.is_object();
  if (!layered) {
    set_default(parameters, "rope_type", member(parameters, "type", "default"));
    return;
  }
  for (json& part : parameters) set_default(part, "rope_type", member(part, "type", "default"));
}

json join_rope_settings(const json& settings, const json& file, json& values) {
  if (!is_truthy(member(values, "rope_parameters")))
    values["rope_parameters"] = class_default(settings, values);
  if (settings.contains("as_given")) return json::array();
  return settings.contains("layers") ? join_layered(settings, file, values)
                                     : join_global(settings, file, values);
}

}  // namespace prov::model
