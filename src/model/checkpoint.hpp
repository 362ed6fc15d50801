#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "format/gguf_metadata.hpp"
#include "format/tensor_directory.hpp"
#include "model/composed_tensor.hpp"
#include "model/restoration.hpp"
#include "model/role.hpp"
#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::model {

/// One tensor of a checkpoint, whatever file it lies in.
struct Tensor {
  format::TensorInfo info;
  std::size_t file = 0;  // index into Checkpoint::files
  Role role;
  Restoration restoration;  // done by RowReader; only it reads the values of such a tensor
  /// Set where the numbers follow from several stored tensors: `info` then gives the name and shape
  /// of the whole, the type that its numbers are rounded to, the place of its main part and the
  /// bytes of all. Only RowReader reads its values.
  std::shared_ptr<const ComposedTensor> composed;
  /// The stored tensors that were joined into this one (packed/join_packed.hpp).
  std::vector<Tensor> parts;

  /// True if the stored numbers, one after the other, are its elements.
  bool lies_in_order() const {
    return composed == nullptr && info.strides.empty() && restoration.nothing();
  }
  std::uint64_t elements() const;
  std::uint64_t rows() const;          // first dimension; 1 for rank 0
  std::uint64_t row_elements() const;  // elements of one slab of the first dimension
};

/// How a tensor is stored, for reports: "BF16", "GPTQ int4, groups of 128".
std::string_view storage_name(const Tensor& tensor);

/// All tensors of a model, the shards joined. Movable, immutable once opened, thread-safe.
struct Checkpoint {
  std::vector<std::unique_ptr<source::ByteSource>> files;
  std::vector<Tensor> tensors;        // sorted by name: the order never depends on files
  std::vector<std::string> warnings;  // e.g. a tensor in a shard that the index does not list
  std::optional<format::GgufMetadata> gguf;  // what GGUF files say besides tensors
  std::string unread;  // why weights could not be decoded, a clause; empty: all can be read

  const Tensor* find(std::string_view name) const;
  std::uint64_t bytes() const;  // of all tensors
  Result<void> verify_unchanged() const;
};

/// Opens the weights of a snapshot (weight_files.hpp says which files). A snapshot without weights
/// gives an empty checkpoint (no tensors, no error). The tensors of a GGUF get the names, shapes,
/// rows and values that the model has elsewhere (gguf/conversion.hpp); of those of PyTorch's files
/// second names are left out (tied_tensors.hpp). Errors: those of the format, unsafe_code among
/// them; not_found for a missing shard; duplicate for a tensor in two shards; not_found for a
/// tensor of the index that its shard lacks.
Result<Checkpoint> open_checkpoint(const source::Snapshot& snapshot);

}  // namespace prov::model
