// A PyTorch file before 1.6.
#pragma once

#include "format/pytorch.hpp"

namespace prov::format {

/// See format/pytorch.hpp.
Result<PytorchFile> read_legacy_checkpoint(const source::ByteSource& source);

}  // namespace prov::format
