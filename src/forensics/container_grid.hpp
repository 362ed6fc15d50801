// The grid that a container's type states: numbers stored in ggml's blocks lie on it, whatever a
// test of their values would find.
#pragma once

#include <optional>

#include "forensics/quantisation_grid.hpp"
#include "format/dtype.hpp"
#include "model/checkpoint.hpp"

namespace prov::forensics {

/// nullopt for types that are not block-quantised. `table` and `group` let share_rounded_to test
/// whether another model was rounded to it; `table` is empty for code-books of vectors (IQ1 to
/// IQ3), for which that cannot be told. The chance is 0: nothing is left to chance. Thread-safe.
std::optional<QuantisationGrid> container_grid(format::Dtype dtype);
/// The same of a tensor, whose packing may state a grid beyond its type.
std::optional<QuantisationGrid> container_grid(const model::Tensor& tensor);
/// True if the groups of that grid run from line to line of the tensor, and not along them.
bool grid_runs_across(const model::Tensor& tensor);

}  // namespace prov::forensics
