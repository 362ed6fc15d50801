#include "provenancekit/compare.hpp"
#include "provenancekit/scan.hpp"
#include "provenancekit/verdict.hpp"

namespace prov {

std::string_view lineage_class_name(LineageClass value) {
  switch (value) {
    case LineageClass::identical:
      return "identical";
    case LineageClass::derived:
      return "derived";
    case LineageClass::same_lineage:
      return "same-lineage";
    case LineageClass::shared_initialisation:
      return "shared-initialisation";
    case LineageClass::independent:
      return "independent";
    case LineageClass::inconclusive:
      return "inconclusive";
  }
  return "inconclusive";
}

std::string_view direction_name(Direction value) {
  switch (value) {
    case Direction::a_to_b:
      return "a->b";
    case Direction::b_to_a:
      return "b->a";
    case Direction::undetermined:
      return "undetermined";
  }
  return "undetermined";
}

std::string_view compared_by_name(ComparedBy value) {
  switch (value) {
    case ComparedBy::nothing:
      return "nothing";
    case ComparedBy::fingerprint:
      return "fingerprint";
    case ComparedBy::weights:
      return "weights";
  }
  return "nothing";
}

std::string_view depth_name(Depth depth) {
  switch (depth) {
    case Depth::fast:
      return "fast";
    case Depth::standard:
      return "standard";
    case Depth::deep:
      return "deep";
  }
  return "standard";
}

}  // namespace prov
