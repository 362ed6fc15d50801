// What was done to the weights of a pair of zoo models, module by module.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "forensics/difference_pattern.hpp"
#include "forensics/difference_spectrum.hpp"
#include "forensics/quantisation_grid.hpp"
#include "forensics/sparsity.hpp"
#include "forensics/storage_rounding.hpp"
#include "model/model.hpp"

namespace prov::zoo {

/// One weight matrix that both models have in one shape; at most its first 384 rows and columns.
struct Module {
  std::string name;
  numeric::Matrix a, b;
};

/// A test failure if there is none.
std::vector<Module> modules(const model::Model& a, const model::Model& b);

/// Everything measured, each list in the order of the modules; what is absent is left out.
struct Changes {
  std::vector<forensics::DifferenceSpectrum> spectra;
  std::vector<forensics::DifferencePattern> patterns;
  std::vector<forensics::Sparsity> sparsities;
  forensics::RoundingCounts forward, backward;
};

Changes measure(const std::vector<Module>& modules);

std::map<forensics::DifferenceKind, int> kinds(const Changes& changes);

}  // namespace prov::zoo
