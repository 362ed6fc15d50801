// Any bytes: an error that can be printed, or an index whose shard names stay in their folder.
#include <cstdint>
#include <span>

#include "base/printable.hpp"
#include "format/shard_index.hpp"
#include "source/file_name.hpp"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto source = prov::source::from_memory("fuzz", {bytes.begin(), bytes.end()});
  const auto index = prov::format::read_shard_index(*source);
  if (!index) {
    const prov::Error& error = index.error();
    require(error.file == "fuzz" && !error.message.empty() && error.offset.value_or(0) <= size);
    const std::string text = error.to_string();
    require(prov::base::printable(text) == text);
    return 0;
  }
  require(!index->shards.empty());
  for (const std::string& shard : index->shards) require(prov::source::is_plain_file_name(shard));
  return 0;
}
