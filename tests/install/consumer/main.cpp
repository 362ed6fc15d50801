// Prints the class of lineage of two models; of a model and a database, the best match in it.
#include <iostream>
#include <string>
#include <string_view>

#include "provenancekit/compare.hpp"
#include "provenancekit/scan.hpp"

namespace {

int failed(const prov::Error& error) {
  std::cerr << error.to_string() << '\n';
  return 2;
}

int search(const std::string& model, const std::string& database) {
  const auto scan = prov::scan(model, database);
  if (!scan) return failed(scan.error());
  if (scan->matches.empty()) return 1;
  const prov::ScanMatch& best = scan->matches.front();
  std::cout << best.model_id << ": " << prov::lineage_class_name(best.lineage.lineage_class)
            << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 4;
  if (std::string_view(argv[2]).ends_with(".db")) return search(argv[1], argv[2]);
  const auto comparison = prov::compare(argv[1], argv[2]);
  if (!comparison) return failed(comparison.error());
  std::cout << prov::lineage_class_name(comparison->lineage.lineage_class) << '\n';
  return 0;
}
