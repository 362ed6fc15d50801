#pragma once

#include <optional>
#include <string>
#include <vector>

#include "format/shard_index.hpp"
#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::model {

/// Which files of a snapshot hold its weights.
struct WeightFiles {
  std::vector<std::string> names;           // sorted; empty: there are no weights
  std::optional<format::ShardIndex> index;  // what an index says about them
  std::string index_name;
  std::vector<std::string> warnings;
};

/// Chooses, in this order: the single file that the reference names, model.safetensors.index.json,
/// model.safetensors, the only *.safetensors, the only complete series
/// NAME-00001-of-0000N.safetensors (with a warning: no index vouches for it),
/// pytorch_model.bin.index.json, pytorch_model.bin, the only *.gguf or series of them (of a series
/// that is named by one file: all; mmproj*.gguf beside others: none), the only PyTorch file or
/// series among *.bin, then *.pt, *.pth, *.ckpt (told by content, not optimizers and the like).
/// Errors: those of the index; not_found with the names of missing shards; invalid_argument when
/// several files are equally good; unsupported or not_weights when there are only files of other
/// containers.
Result<WeightFiles> find_weight_files(const source::Snapshot& snapshot);

}  // namespace prov::model
