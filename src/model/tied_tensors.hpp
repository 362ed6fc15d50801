// One tensor under several names, as PyTorch's files keep tied embeddings.
#pragma once

#include <span>
#include <vector>

#include "format/pytorch.hpp"
#include "model/checkpoint.hpp"

namespace prov::model {

/// Takes away the second names of tensors outside the layers (a head that is the embedding), as
/// safetensors files do not have them, and says so. Layers that share a tensor keep their names:
/// each is a layer. Needs roles.
void drop_second_names(Checkpoint& checkpoint, std::span<const format::PytorchFile::Tie> ties);

}  // namespace prov::model
