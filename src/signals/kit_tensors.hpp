#pragma once

#include <vector>

#include "model/checkpoint.hpp"

namespace prov::signals {

/// The tensors that the published kit takes for the weights of a model, sorted by name: those of
/// the files. It knows no packing, so that the stored parts of a packed weight stand in its place
/// and their words count as numbers. It ends in an error at floats of 8 bits; there is no number to
/// repeat then, and the weight stays whole. The pointers are to tensors of `checkpoint` and to
/// their parts.
std::vector<const model::Tensor*> kit_tensors(const model::Checkpoint& checkpoint);

/// True for a tensor of a checkpoint that is one of them itself, and not by its parts.
bool kit_takes_whole(const model::Tensor& tensor);

}  // namespace prov::signals
