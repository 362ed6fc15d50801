// What a comparison concludes about lineage, and on what grounds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prov {

/// The classes of the contract. A positive class (identical, derived, same_lineage) always rests on
/// weights.
enum class LineageClass {
  identical,              // every weight has the same value
  derived,                // one carries weights of the other, direction proved
  same_lineage,           // lineage proved by weights, direction open (siblings too)
  shared_initialisation,  // shared initialisation or early branch
  independent,            // roles and shapes agree, the weights do not
  inconclusive,           // could not be decided; the first reason says why
};
/// JSON text: "identical", "derived", "same-lineage", "shared-initialisation", "independent",
/// "inconclusive".
std::string_view lineage_class_name(LineageClass value);

enum class Direction { a_to_b, b_to_a, undetermined };
/// JSON text: "a->b", "b->a", "undetermined".
std::string_view direction_name(Direction value);

/// One statistic with its null. Absent, zero and neutral are three different things: what could not
/// be computed has no value and a status that says why.
struct Evidence {
  std::string test;             // stable id, e.g. "hidden-permutation-z"
  std::string summary;          // one plain sentence with the number that matters
  std::optional<double> value;  // the statistic; unit and range depend on the test (docs/signals/)
  std::optional<double> z;      // standard deviations from the null
  std::optional<double> log10_p;  // decimal logarithm of the one-sided p-value under the null
  std::string null_hypothesis;    // what is true under the null
  std::string axis;               // the exchangeable axis, "" for a descriptive number
  std::uint64_t n = 0;            // sample size on that axis
  std::string background;         // what unrelated pairs show on the same statistic, "" if unknown
  std::string status = "computed";  // "computed" or "not-computable: why"
};

/// Agreement of the weights that have one role, over all layers where both models have it, on
/// sampled rows.
struct RoleAgreement {
  std::string role;                           // e.g. "query", "gate", "token_embedding"
  std::uint64_t tensors = 0;                  // pairs compared
  std::uint64_t mismatched_shapes = 0;        // pairs whose shapes differ
  std::optional<double> cosine;               // mean over tensors, [-1, 1]
  std::optional<double> relative_difference;  // mean of ||B - A|| / ||A||, >= 0
  std::optional<double> identical_share;  // share of sampled elements with the same value, [0, 1]
  std::uint64_t equal_content = 0;        // pairs with equal content hash over all elements
};

/// Something that was done between the two models, with the number that says so.
struct Operation {
  std::string kind;             // one of the relations of docs/verdict.md, e.g. "quantised"
  std::string detail;           // one plain sentence, e.g. "int4 in groups of 32"
  std::optional<double> value;  // the number that decided; its meaning is in `detail`
};

/// One number that the rules of the class, kind or direction compare with a line (docs/lines.md).
struct Measure {
  std::string name;             // stable id, e.g. "order_cosine"
  std::optional<double> value;  // absent: the rule does not read it for this pair
};

/// Where one MLP of B comes from. Layers count from 0 as in the files.
struct LayerOrigin {
  int layer = 0;
  std::optional<int> expert;         // absent: dense
  std::optional<int> source_layer;   // in A; absent: no layer of A is like it
  std::optional<int> source_expert;  // absent: dense
  double effect = 0;                 // likeness to the source, at most 1; see LayerMap::basis
  double z = 0;                      // of that pair, in standard deviations from its null
};

struct LayerMap {
  std::string basis;     // the statistic it was read from: "unit-order", "unit-geometry",
                         // "unit-match", "unit-match-recovered", "unit-match-tokens",
                         // "unit-match-aligned" or "none"
  bool complete = true;  // false: only some layers were looked at (--depth deep takes all)
  std::vector<LayerOrigin> origins;  // one for each MLP of B that was looked at
  std::vector<int> repeated;         // layers of A that more than one layer of B comes from
  std::vector<int> unused;           // layers of A that no layer of B comes from
  std::vector<int> jumps;  // layers of B whose source does not follow the source of the one before
  bool identity = false;   // every layer of B comes from the layer of A at its place
};

struct Lineage {
  LineageClass lineage_class = LineageClass::inconclusive;
  std::optional<std::string> relation;
  Direction direction = Direction::undetermined;
  std::optional<double> probability;  // of shared weights, calibrated (docs/verdict.md); absent
                                      // where no test could be computed
  std::vector<std::string> reasons;   // one plain sentence each, the deciding one first
  std::vector<std::string>
      conflicts;  // what metadata, tokenizer or a claim says against the weights
  std::vector<Evidence> evidence;
  std::vector<RoleAgreement> agreement;
  std::vector<Operation> operations;  // what was done, the deciding one first
  std::vector<Measure> measures;      // in a fixed order
  LayerMap layer_map;
};

}  // namespace prov
