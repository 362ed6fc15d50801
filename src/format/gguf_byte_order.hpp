// GGUF files of big-endian machines: numbers and the fields of blocks lie there in the order of
// that machine.
#pragma once

#include <memory>
#include <span>

#include "format/dtype.hpp"
#include "format/tensor_directory.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

/// True where it is known which bytes of a type are turned: numbers, and the blocks that
/// gguf_convert_endian.py of gguf 0.19 converts.
bool has_big_endian_layout(Dtype dtype);

/// `file` with the bytes of `tensors`, which are those of its directory in file order, as a
/// little-endian machine would have written them; every other byte is as it stands. Needs types
/// that have a layout.
std::unique_ptr<source::ByteSource> little_endian_view(std::unique_ptr<source::ByteSource> file,
                                                       std::span<const TensorInfo> tensors);

}  // namespace prov::format
