// Which of the tensors in a PyTorch file are the model's weights.
#pragma once

#include <string>
#include <vector>

#include "format/pytorch/pickle_values.hpp"
#include "provenancekit/result.hpp"

namespace prov::format {

struct StateDict {
  struct Entry {
    std::string name;
    PickleId tensor;
  };
  std::vector<Entry> entries;         // in the order of the pickle
  std::vector<std::string> warnings;  // what was chosen and what was left out
};

/// From the top of a pickle. A dictionary under "state_dict", "model_state_dict", "model",
/// "module", "model_state" or "params" that holds tensors is the model, and what lies beside it is
/// left out; so is a dictionary that is alone in having tensors. Otherwise all dictionaries count,
/// but those of optimizers and the like. Names of nested dictionaries are joined by dots; "module."
/// and "_orig_mod." before all names are dropped. Errors carry no place: not_weights where no
/// tensor is found, duplicate for a name that comes twice, malformed for dictionaries in more
/// than one place, names that are empty or not UTF-8, too_large for names above 4096 bytes.
Result<StateDict> find_state_dict(const PickleValues& values, PickleId top);

}  // namespace prov::format
