// Really trained models with known relations, and what the verdict says about their pairs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "forensics/gather.hpp"
#include "model/model.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::zoo {

/// A pair of the truth table.
struct Pair {
  std::string a, b, label;
  bool weights_shared = false;  // siblings and early branches too
  bool same_shape = false;      // and the same architecture
  bool core = false;
};

std::vector<Pair> read_truth(const std::string& path);

/// Models by name; a folder that cannot be opened as a model with tensors is left out.
class Models {
 public:
  /// Opens every folder in `directory`.
  void open_all(const std::string& directory);
  const model::Model* find(const std::string& name) const;
  std::size_t size() const { return models_.size(); }
  std::vector<std::string> names() const;

 private:
  std::map<std::string, model::Model> models_;
};

struct Outcome {
  Pair pair;
  forensics::ForensicEvidence evidence;
  Lineage lineage;
};

/// Empty and a test failure if a pair cannot be compared.
std::vector<Outcome> judge(const Models& models, const std::vector<Pair>& pairs);
Outcome judge(const model::Model& a, const model::Model& b, const Pair& pair);

/// One line: label, names, class, Z, cosine, residual z and cosine, geometry Z, embeddings.
std::string table_line(const Outcome& outcome);
/// "label: n pairs; class x count, ...", one line a label, with the range of Z.
std::string summary(const std::vector<Outcome>& outcomes);

bool is_positive(LineageClass value);

}  // namespace prov::zoo
