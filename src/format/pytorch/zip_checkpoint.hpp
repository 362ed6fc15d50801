// A PyTorch file since 1.6.
#pragma once

#include "format/pytorch.hpp"

namespace prov::format {

/// See format/pytorch.hpp. The CRC-32 of the pickles is checked, that of storages is not: they
/// would have to be read once more.
Result<PytorchFile> read_zip_checkpoint(const source::ByteSource& source);

}  // namespace prov::format
