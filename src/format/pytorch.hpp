// PyTorch's torch.save, https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
//
// Since 1.6 a zip archive without compression (pytorch/zip_archive.hpp), all in one folder NAME:
//   NAME/data.pkl             pickle of the object; persistent ids name storages
//   NAME/data/KEY             the bytes of storage KEY
//   NAME/byteorder            "little" or "big"; little where it is absent
//   NAME/version, NAME/.format_version, NAME/.storage_alignment, NAME/.data/serialization_id
//
// Before that ("legacy") one after the other:
//   pickle of 0x1950a86a20f9469cfc6c; pickle of 1001; pickle of {"little_endian": bool, ...};
//   pickle of the object; pickle of the list of all keys;
//   for each key in this order: u64 elements; the bytes of the storage
//
// A tensor is torch._utils._rebuild_tensor_v2(storage, offset, size, stride, ...); offset and
// strides count elements.
#pragma once

#include <string>
#include <vector>

#include "format/tensor_directory.hpp"
#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

struct PytorchFile {
  TensorDirectory directory;  // in the order of the pickle; metadata stays empty
  /// Two names for one tensor: the same elements of the same storage in the same order.
  struct Tie {
    std::string name;
    std::string of;  // the first of its names in the directory
  };
  std::vector<Tie> ties;
  std::vector<std::string> warnings;  // what was chosen, left out or not checked
};

/// Finds the weights (pytorch/state_dict.hpp) without running anything: the data of storages is
/// not touched. Errors name file, byte offset and member, name of code or tensor: unsafe_code for
/// a pickle that wants to run code (offset of the opcode), those of the zip archive and of the
/// pickle machine, truncated and trailing_bytes for storages, size_mismatch where a storage has
/// another size than the pickle says, not_weights without tensors, unsupported (TorchScript, a bare
/// pickle, big-endian files, tensors that are sparse, quantised or of types that are not read),
/// too_large for tensors that together repeat the file 64 times. Memory: see
/// pytorch/pickle_machine.hpp.
Result<PytorchFile> read_pytorch(const source::ByteSource& source);

}  // namespace prov::format
