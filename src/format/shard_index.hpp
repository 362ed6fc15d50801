// model.safetensors.index.json: {"metadata": {"total_size": n}, "weight_map": {tensor name: shard
// file name}}
#pragma once

#include <map>
#include <string>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

struct ShardIndex {
  std::map<std::string, std::string> shard_of;  // tensor name -> shard file name
  std::vector<std::string> shards;              // distinct, sorted
};

/// Errors: malformed (not JSON, no weight_map, a value that is not a string), duplicate,
/// unsafe_path for a shard name that is not a plain file name.
Result<ShardIndex> read_shard_index(const source::ByteSource& source);

}  // namespace prov::format
