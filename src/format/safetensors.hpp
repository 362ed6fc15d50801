// safetensors, https://github.com/huggingface/safetensors
//
//   0      u64 N, little-endian      length of the header, at most 100,000,000
//   8      N bytes                   UTF-8 JSON object; JSON white space around it is allowed
//   8+N    data                      to the end of the file
//
// The object maps a tensor name to {"dtype": string, "shape": [u64...], "data_offsets": [begin,
// end]}, offsets relative to 8+N and half-open; "__metadata__" maps strings to strings, or is null.
// The tensors, sorted by begin, must cover the data without a hole, an overlap or a rest: no byte
// can belong to another format as well.
#pragma once

#include "format/tensor_directory.hpp"
#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

/// Reads and checks the header; tensor data is not touched. Errors name file, byte offset (of the
/// entry in the file) and tensor. Besides the format's own validator this refuses duplicate names
/// and keys, ranks above 16, more than 2^20 tensors, names above 4096 bytes, offsets that are not
/// plain non-negative integers, and says so when the file is a Git LFS pointer or a web page.
Result<TensorDirectory> read_safetensors(const source::ByteSource& source);

}  // namespace prov::format
