#include "zoo/zoo.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "verdict/lineage.hpp"
#include "verdict/lineage_summary.hpp"

namespace prov::zoo {
std::vector<Pair> read_truth(const std::string& path) {
  std::ifstream file(path);
  const auto truth = nlohmann::json::parse(file);
  std::vector<Pair> pairs;
  for (const auto& pair : truth.at("pairs")) {
    pairs.push_back({pair.at("a"), pair.at("b"), pair.at("label"), pair.at("weights_shared"),
                     pair.at("same_arch_and_shape"), pair.at("core")});
  }
  return pairs;
}

void Models::open_all(const std::string& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (!entry.is_directory()) continue;
    auto opened = model::open_model(entry.path().string());
    const bool adapter = std::filesystem::exists(entry.path() / "adapter_config.json");
    if (opened && !opened->checkpoint.tensors.empty() && !adapter)
      models_.emplace(entry.path().filename().string(), *std::move(opened));
  }
}

const model::Model* Models::find(const std::string& name) const {
  const auto found = models_.find(name);
  return found == models_.end() ? nullptr : &found->second;
}

std::vector<std::string> Models::names() const {
  std::vector<std::string> result;
  for (const auto& [name, model] : models_) result.push_back(name);
  return result;
}

Outcome judge(const model::Model& a, const model::Model& b, const Pair& pair) {
  auto evidence = forensics::gather_evidence(a, {}, b, {});
  if (!evidence) {
    ADD_FAILURE() << pair.a << " " << pair.b << ": " << evidence.error().to_string();
    return {pair, {}, {}};
  }
  Lineage lineage = verdict::decide_lineage(*evidence);
  return {pair, *std::move(evidence), std::move(lineage)};
}

std::vector<Outcome> judge(const Models& models, const std::vector<Pair>& pairs) {
  std::vector<Outcome> outcomes;
  for (const Pair& pair : pairs) {
    const model::Model *a = models.find(pair.a), *b = models.find(pair.b);
    if (a != nullptr && b != nullptr) outcomes.push_back(judge(*a, *b, pair));
  }
  return outcomes;
}

bool is_positive(LineageClass value) {
  return value != LineageClass::independent && value != LineageClass::inconclusive;
}

std::string table_line(const Outcome& outcome) {
  const auto number = [](const std::optional<double>& value, int digits) {
    return value ? fmt::format("{:.{}f}", *value, digits) : "-";
  };
  const auto order = verdict::summarise_order(outcome.evidence.hidden),
             geometry = verdict::summarise_geometry(outcome.evidence.hidden);
  const auto& residual = outcome.evidence.residual.test;
  using Maybe = std::optional<double>;
  return fmt::format(
      "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |", outcome.pair.label,
      outcome.pair.a, outcome.pair.b, lineage_class_name(outcome.lineage.lineage_class),
      number(order ? Maybe(order->z) : Maybe(), 1), number(order ? Maybe(order->mean) : Maybe(), 3),
      number(residual ? Maybe(residual->z) : Maybe(), 1),
      number(residual ? Maybe(residual->cosine) : Maybe(), 3),
      number(geometry ? Maybe(geometry->z) : Maybe(), 1),
      number(outcome.evidence.tokens.mean_cosine, 3), number(outcome.evidence.tokens.geometry, 4));
}

std::string summary(const std::vector<Outcome>& outcomes) {
  struct Group {
    std::map<std::string, int> classes;
    double least = 1e9, most = -1e9;
    double residual = 0, geometry = 0;                    // largest |z|
    double matrix = 0, tokens = -1, token_geometry = -1;  // highest cosine or correlation
    int pairs = 0;
  };
  std::map<std::string, Group> groups;
  for (const Outcome& outcome : outcomes) {
    Group& group = groups[outcome.pair.label];
    ++group.pairs;
    ++group.classes[std::string(lineage_class_name(outcome.lineage.lineage_class))];
    if (const auto order = verdict::summarise_order(outcome.evidence.hidden)) {
      group.least = std::min(group.least, order->z);
      group.most = std::max(group.most, order->z);
    }
    group.matrix =
        std::max(group.matrix, std::abs(outcome.evidence.agreement.strongest_matrix_cosine));
    group.tokens = std::max(group.tokens, outcome.evidence.tokens.mean_cosine.value_or(-1));
    group.token_geometry =
        std::max(group.token_geometry, outcome.evidence.tokens.geometry.value_or(-1));
    if (const auto& residual = outcome.evidence.residual.test)
      group.residual = std::max(group.residual, std::abs(residual->z));
    if (const auto geometry = verdict::summarise_geometry(outcome.evidence.hidden))
      group.geometry = std::max(group.geometry, std::abs(geometry->z));
  }
  std::string text;
  for (const auto& [label, group] : groups) {
    text += fmt::format("{}: {} pairs", label, group.pairs);
    if (group.least <= group.most)
      text += fmt::format(", Z {:.1f} to {:.1f}", group.least, group.most);
    text += fmt::format(
        ", largest residual |z| {:.1f}, geometry |Z| {:.1f}, matrix {:.3f}, tokens {:.3f}, token "
        "geometry {:.3f}",
        group.residual, group.geometry, group.matrix, group.tokens, group.token_geometry);
    for (const auto& [name, count] : group.classes) text += fmt::format(", {} {}", name, count);
    text += "\n";
  }
  return text;
}

}  // namespace prov::zoo
