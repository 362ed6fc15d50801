// Which tensors belong together, by the ends of their names.
#pragma once

#include <map>
#include <string>

#include "model/packed/packed_module.hpp"

namespace prov::model {

/// The modules of `checkpoint` with at least one part that only packed weights have, and with it
/// everything beside it: scales, zero points, tables, and what quantisers note about activations.
/// Biases are tensors of their own. Points into `checkpoint`.
std::map<std::string, PackedModule> packed_modules(const Checkpoint& checkpoint,
                                                   const QuantisationClaim* claim);

}  // namespace prov::model
