// GGUF, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
//
//   0    char[4] "GGUF"
//   4    u32 version          1 to 3. Written big-endian it shows its low half as 0: then all is
//   8    size n_tensors       size: u32 in version 1, u64 since
//   ..   size n_values
//   ..   n_values x { text key; u32 type; value }         text: size length, bytes
//            0 u8  1 i8  2 u16  3 i16  4 u32  5 i32  6 f32  7 bool (u8)  8 text
//            9 array { u32 type; size n; n values }  10 u64  11 i64  12 f64
//   ..   n_tensors x { text name; u32 n_dims; size dims[n_dims]; u32 ggml_type; u64 offset }
//   ..   zeros to the next multiple of general.alignment (u32, a power of two; 32)
//   D    data; offsets are relative to D and multiples of the alignment
//
// dims[0] counts the elements that lie side by side: the last dimension elsewhere. A row of dims[0]
// elements is quantised on its own and fills whole blocks. A file without tensors ends after its
// values.
#pragma once

#include "format/gguf_cursor.hpp"
#include "format/gguf_metadata.hpp"
#include "format/tensor_directory.hpp"
#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

struct GgufFile {
  GgufWriting writing;
  TensorDirectory directory;  // shapes row-major: dims reversed; metadata stays empty
  GgufMetadata metadata;
  std::vector<std::string> warnings;  // what is odd and harmless: unaligned data, bytes at the end
};

/// Reads and checks the header; tensor data is not touched. Errors name file, byte offset and key
/// or tensor: malformed, duplicate (key, name), truncated, too_large (header above 128 MiB, more
/// than 2^20 tensors or values, 4 dimensions, keys above 65,535 bytes, names above 4096, alignment
/// above 1 MiB), out_of_range (dimensions beyond 2^63 elements), size_mismatch (a row that is no
/// whole blocks), unsupported (version, type, type in a big-endian file, nested arrays), overlap,
/// hole. Memory: at most twelve times the bytes of the header that exist (short texts cost most).
Result<GgufFile> read_gguf(const source::ByteSource& source);

}  // namespace prov::format
