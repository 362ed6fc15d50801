#include "format/shard_index.hpp"

#include <fmt/format.h>

#include <set>

#include "base/try.hpp"
#include "format/content.hpp"
#include "format/json_reader.hpp"
#include "source/file_name.hpp"

namespace prov::format {
namespace {

constexpr std::uint64_t kMaxIndexBytes = 100'000'000;

Result<void> read_weight_map(JsonValue& value, ShardIndex& index) {
  return value.members([&](std::string_view tensor, JsonValue& shard) -> Result<void> {
    PROV_TRY(const std::string_view name, shard.text());
    if (!source::is_plain_file_name(name)) {
      return shard.error(
          ErrorCode::unsafe_path,
          fmt::format("the shard name \"{}\" is not a plain file name", name.substr(0, 256)));
    }
    index.shard_of.emplace(tensor, name);
    return {};
  });
}

}  // namespace

Result<ShardIndex> read_shard_index(const source::ByteSource& source) {
  if (source.size() > kMaxIndexBytes) {
    return Error{.code = ErrorCode::too_large,
                 .message = fmt::format("{} bytes of index, at most {} are read", source.size(),
                                        kMaxIndexBytes),
                 .file = source.name()};
  }
  PROV_TRY(const Content content, sniff(source));
  if (content == Content::git_lfs_pointer || content == Content::web_page) {
    return *refusal_of(content, source.name());
  }
  ShardIndex index;
  bool has_weight_map = false;
  PROV_CHECK(
      read_json_object(source, 0, source.size(), [&](std::string_view key, JsonValue& value) {
        if (key != "weight_map") return value.skip();
        has_weight_map = true;
        return read_weight_map(value, index);
      }));
  if (!has_weight_map || index.shard_of.empty()) {
    return Error{.code = ErrorCode::malformed,
                 .message = has_weight_map ? "the weight_map is empty" : "there is no weight_map",
                 .file = source.name(),
                 .field = "weight_map"};
  }
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : index.shard_of) shards.insert(shard);
  index.shards.assign(shards.begin(), shards.end());
  return index;
}

}  // namespace prov::format
