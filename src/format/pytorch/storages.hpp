// The tensors of a PyTorch file at their place in the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "format/pytorch.hpp"
#include "format/pytorch/pickle_values.hpp"

namespace prov::format {

struct StoragePlace {
  std::uint64_t offset = 0;  // bytes from the beginning of the file
  std::uint64_t bytes = 0;
};

/// By key. Lies inside the file.
using StoragePlaces = std::map<std::string, StoragePlace, std::less<>>;

/// What read_pytorch returns for the object `top`. Errors: see
/// format/pytorch.hpp.
Result<PytorchFile> place_tensors(const source::ByteSource& source, const PickleValues& values,
                                  PickleId top, const StoragePlaces& places);

}  // namespace prov::format
