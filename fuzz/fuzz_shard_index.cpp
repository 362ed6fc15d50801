// Any bytes: an error that can be printed, or an index whose shard names stay in their folder.
#include <cstdint>
#include <span>

#include "format/shard_index.hpp"
#include "require.hpp"
#include "source/file_name.hpp"

using prov::fuzz::require;
using prov::fuzz::require_sound;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto source = prov::source::from_memory("fuzz", {bytes.begin(), bytes.end()});
  const auto index = prov::format::read_shard_index(*source);
  if (!index) {
    require(index.error().file == "fuzz");
    require_sound(index.error(), size);
    return 0;
  }
  require(!index->shards.empty());
  for (const std::string& shard : index->shards) require(prov::source::is_plain_file_name(shard));
  return 0;
}
