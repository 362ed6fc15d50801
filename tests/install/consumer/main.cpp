// Prints the class of lineage of two models.
#include <iostream>

#include "provenancekit/compare.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 4;
  const auto comparison = prov::compare(argv[1], argv[2]);
  if (!comparison) {
    std::cerr << comparison.error().to_string() << '\n';
    return 2;
  }
  std::cout << prov::lineage_class_name(comparison->lineage.lineage_class) << '\n';
}
