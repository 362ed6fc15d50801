// Undoes what llama.cpp's converter does on the way from a model's own files to GGUF.
#pragma once

#include "model/checkpoint.hpp"

namespace prov::model {

/// Gives the tensors of `checkpoint`, whose `gguf` is set, the names that they have elsewhere, the
/// order of rows (queries and keys of Llama, fused attention of GPT-NeoX) and the gains of Gemma's
/// norms, takes stacks of experts apart, transposes Conv1D matrices back and joins the halves of
/// latent attention. What is not understood stays as it is, with a warning.
/// Reads names, shapes and metadata only; the tensors are then in no order.
void undo_gguf_conversion(Checkpoint& checkpoint);

}  // namespace prov::model
