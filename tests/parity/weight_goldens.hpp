// The published kit's weight signals and scores as recorded in the golden files.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "provenancekit/compare.hpp"
#include "verdict/kit_scores.hpp"

namespace prov::tests {

/// A long vector: its first values, its number of values, its sum.
struct GoldenVector {
  std::vector<double> head;
  std::size_t count = 0;
  double sum = 0;
};

struct GoldenModel {
  std::vector<std::uint32_t> anchors;
  bool has_weights = false;  // the rest is set only then
  std::string nlf_mode;
  std::uint32_t nlf_tensors = 0;
  std::optional<GoldenVector> eas, nlf, lep, end;
  std::map<std::uint32_t, GoldenVector> wvc;
};

struct GoldenPair {
  std::string a, b;
  KitSignals signals;
  verdict::MfiOutcome mfi;
  std::optional<double> identity;
  double tokenizer = 0, pipeline = 0;
  std::string decision, label, colour;
};

struct WeightGoldens {
  std::map<std::string, GoldenModel> models;  // without those that the kit gave up on
  std::vector<GoldenPair> pairs;              // likewise
};

/// Reads the "models" of one golden file and the "pairs" of another (or the same).
WeightGoldens read_weight_goldens(const std::string& features_file, const std::string& pairs_file);

}  // namespace prov::tests
