#include "parity/weight_goldens.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace prov::tests {
namespace {

using Json = nlohmann::json;

Json read_json(const std::string& path) {
  std::ifstream in(path);
  return Json::parse(in);
}

// The goldens write NaN as the text "NaN".
std::optional<double> number(const Json& value) {
  if (!value.is_number()) return std::nullopt;
  return value.get<double>();
}

GoldenVector vector_of(const Json& value) {
  return {value.contains("data") ? value["data"].get<std::vector<double>>()
                                 : value["head"].get<std::vector<double>>(),
          value["n"].get<std::size_t>(), value["sum"].get<double>()};
}

std::optional<GoldenVector> optional_vector(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return vector_of(value);
}

GoldenModel model_of(const Json& value) {
  GoldenModel model;
  model.anchors = value["anchor_ids_for_config_vocab"].get<std::vector<std::uint32_t>>();
  const Json& ws = value["ws"];
  if (ws.is_null()) return model;
  model.has_weights = true;
  model.nlf_mode = ws["nlf_mode"].get<std::string>();
  model.nlf_tensors = ws["nlf_num_layers"].get<std::uint32_t>();
  model.eas = optional_vector(ws["eas_self_sim"]);
  model.nlf = optional_vector(ws["nlf_vector"]);
  model.lep = optional_vector(ws["lep_profile"]);
  model.end = optional_vector(ws["end_histogram"]);
  if (ws["wvc_layer_sigs"].is_null()) return model;
  for (const auto& [layer, samples] : ws["wvc_layer_sigs"].items()) {
    model.wvc[static_cast<std::uint32_t>(std::stoul(layer))] = vector_of(samples);
  }
  return model;
}

GoldenPair pair_of(const Json& value) {
  const Json& signals = value["signals"];
  GoldenPair pair;
  pair.a = value["a"].get<std::string>();
  pair.b = value["b"].get<std::string>();
  pair.signals = {.eas = number(signals["eas"]),
                  .nlf = number(signals["nlf"]),
                  .lep = number(signals["lep"]),
                  .end = number(signals["end"]),
                  .wvc = number(signals["wvc"]),
                  .tfv = number(signals["tfv"]),
                  .voa = number(signals["voa"])};
  pair.mfi = {value["mfi"]["score"].get<double>(), value["mfi"]["tier"].get<int>(),
              value["mfi"]["match"].get<std::string>()};
  pair.identity = number(value["identity_score"]);
  pair.tokenizer = value["tokenizer_score"].get<double>();
  pair.pipeline = value["pipeline_score"].get<double>();
  pair.decision = value["provenance_decision"].get<std::string>();
  pair.label = value["label"].get<std::string>();
  pair.colour = value["colour"].get<std::string>();
  return pair;
}

}  // namespace

WeightGoldens read_weight_goldens(const std::string& features_file, const std::string& pairs_file) {
  WeightGoldens goldens;
  const Json features = read_json(features_file), pairs = read_json(pairs_file);
  for (const auto& [name, value] : features["models"].items()) {
    if (!value.contains("error")) goldens.models[name] = model_of(value);
  }
  for (const Json& value : pairs["pairs"]) {
    if (value.contains("signals")) goldens.pairs.push_back(pair_of(value));
  }
  return goldens;
}

}  // namespace prov::tests
