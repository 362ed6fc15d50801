// The MLPs of a checkpoint whose names say nothing at all ("t17", "blocks.3.a").
//
// Shapes: of the matrices between the stream (the axis that most matrices have) and one other axis,
// gated MLPs have two that read the stream and one that writes it. Without layer numbers in the
// names, the three that belong together are found by the lengths of their hidden units, which
// training makes alike in all three: rank correlation over the units .6 to .9 within an MLP, below
// .2 between others, in all trained models of the development zoo. The gate is told from the other
// reader by the signs of its units: flipping a unit of `up` together with its column of `down`
// changes nothing, so that their mean vanishes; a gate is not symmetric (|sum of unit rows|^2 / m
// is 4 to 29, against .5 to 1.7).
#pragma once

#include <cstddef>

#include "model/checkpoint.hpp"
#include "provenancekit/result.hpp"

namespace prov::model {

struct UnnamedMlps {
  std::size_t found = 0;  // MLPs whose three matrices got a role
  bool layers_by_name =
      false;  // false: their order is not known, the layer numbers only count them
};

/// Gives gate, up and down to tensors of unknown role, and the token embedding where one matrix
/// alone can be it; touches nothing where any tensor of a layer has a role, or where a name speaks
/// of adapters. Only float matrices stored as [out, in]. If a measure leaves one MLP open, none
/// gets a role; nor does attention (query and output, key and value cannot be told apart), nor an
/// MLP without a gate. Reads these matrices once. Errors: those of reading.
Result<UnnamedMlps> find_unnamed_mlps(Checkpoint& checkpoint);

}  // namespace prov::model
