// What the calls of a PyTorch pickle mean, without making them.
#pragma once

#include "format/pytorch/pickle_globals.hpp"
#include "format/pytorch/pickle_values.hpp"
#include "provenancekit/result.hpp"

namespace prov::format {

/// What `function(*arguments)` makes, where `arguments` is a tuple: a tensor, a dictionary, a tuple
/// or opaque data. Errors carry no place: malformed for arguments that do not fit, out_of_range for
/// a tensor outside its storage, too_large above rank 16 or 2^20 tensors.
Result<PickleId> call_global(PickleValues& values, const PickleGlobal& function,
                             PickleId arguments);

/// The storage that a persistent id speaks of: ("storage", type, key, location, elements) and, in
/// legacy files, None or (key of the part, offset, elements).
Result<PickleId> persistent_storage(PickleValues& values, PickleId id);

}  // namespace prov::format
