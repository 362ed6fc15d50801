// Views that PyTorch's files keep: transposed, cut out, repeated.
#pragma once

#include <cstdint>
#include <span>

#include "format/tensor_directory.hpp"
#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::model {

/// Elements [begin, begin + out.size()) of `tensor` in row-major order as f32, wherever they lie.
/// Needs strides, a shape of as many dimensions and no block-quantised type. Neighbours in the file
/// are read together; at most 1 MiB of it at a time. Errors: those of reading; unsupported for
/// complex numbers.
Result<void> read_strided(const source::ByteSource& file, const format::TensorInfo& tensor,
                          std::uint64_t begin, std::span<float> out);

}  // namespace prov::model
