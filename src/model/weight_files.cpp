#include "model/weight_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/try.hpp"
#include "format/content.hpp"

namespace prov::model {
namespace {

constexpr std::string_view kIndexName = "model.safetensors.index.json";
constexpr std::string_view kSingleName = "model.safetensors";
constexpr std::string_view kExtension = ".safetensors";

Error missing_shards(const source::Snapshot& snapshot, const std::vector<std::string>& missing) {
  constexpr std::size_t kNamed = 5;
  const std::size_t named = std::min(kNamed, missing.size());
  return {
      .code = ErrorCode::not_found,
      .message = fmt::format(
          "{} of the model's shards {} missing: {}{}", missing.size(),
          missing.size() == 1 ? "is" : "are",
          fmt::join(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(named), ", "),
          named < missing.size() ? ", ..." : ""),
      .file = snapshot.directory.string(),
      .field = missing.front(),
      .hint = "incomplete download?"};
}

Result<WeightFiles> from_index(const source::Snapshot& snapshot, std::string_view name) {
  WeightFiles found;
  found.index_name = name;
  PROV_TRY(const auto file, snapshot.open(name));
  PROV_TRY(found.index, format::read_shard_index(*file));
  PROV_CHECK(file->verify_unchanged());
  std::vector<std::string> missing;
  for (const std::string& shard : found.index->shards) {
    if (!snapshot.contains(shard)) missing.push_back(shard);
  }
  if (!missing.empty()) return missing_shards(snapshot, missing);
  found.names = found.index->shards;
  return found;
}

/// NAME-00001-of-00003.safetensors taken apart; count 1 and stem NAME for a file that is no shard.
struct ShardName {
  std::string stem;
  unsigned count = 1;
};

ShardName parse_shard_name(std::string_view name) {
  const std::string_view stem = name.substr(0, name.size() - kExtension.size());
  constexpr std::size_t kSuffix = std::string_view("-00001-of-00003").size();
  if (stem.size() <= kSuffix) return {std::string(stem), 1};
  const std::string_view suffix = stem.substr(stem.size() - kSuffix);
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    const auto end = suffix.data() + at + 5;
    const auto parsed = std::from_chars(suffix.data() + at, end, value);
    return parsed.ec == std::errc() && parsed.ptr == end ? value : 0u;
  };
  const bool is_shard =
      suffix[0] == '-' && suffix.substr(6, 4) == "-of-" && number(1) > 0 && number(10) > 1;
  if (!is_shard) return {std::string(stem), 1};
  return {std::string(stem.substr(0, stem.size() - kSuffix)), number(10)};
}

std::vector<std::string> shard_names(const ShardName& series) {
  if (series.count == 1) return {series.stem + std::string(kExtension)};
  std::vector<std::string> names;
  for (unsigned i = 1; i <= series.count; ++i) {
    names.push_back(fmt::format("{}-{:05}-of-{:05}{}", series.stem, i, series.count, kExtension));
  }
  return names;
}

/// Without an index and without model.safetensors: the only file or the only series.
Result<WeightFiles> from_names(const source::Snapshot& snapshot,
                               const std::vector<std::string>& names) {
  std::map<std::pair<std::string, unsigned>, ShardName> series;
  for (const std::string& name : names) {
    ShardName parsed = parse_shard_name(name);
    series.emplace(std::pair(parsed.stem, parsed.count), parsed);
  }
  if (series.size() > 1) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format(
                     "{} files of weights and no index says which belong together", names.size()),
                 .file = snapshot.directory.string(),
                 .field = names.front(),
                 .hint = "name one of the files"};
  }
  WeightFiles found;
  found.names = shard_names(series.begin()->second);
  std::vector<std::string> missing;
  std::ranges::set_difference(found.names, names, std::back_inserter(missing));
  if (!missing.empty()) return missing_shards(snapshot, missing);
  if (found.names.size() > 1) {
    found.warnings.push_back(
        fmt::format("no index; {} shards are joined by their names", found.names.size()));
  }
  return found;
}

bool may_hold_weights(std::string_view name) {
  const auto starts_with_any = [&](std::initializer_list<std::string_view> starts) {
    return std::ranges::any_of(starts,
                               [&](std::string_view start) { return name.starts_with(start); });
  };
  if (name.ends_with(".gguf") || name.ends_with(".h5")) return true;
  if (name.ends_with(".bin"))
    return starts_with_any({"pytorch_model", "model", "adapter_model", "consolidated"});
  const bool is_torch = name.ends_with(".pt") || name.ends_with(".pth") || name.ends_with(".ckpt");
  return is_torch &&
         !starts_with_any({"optimizer", "scheduler", "rng_state", "training_args", "scaler"});
}

/// No safetensors: says what there is instead.
Result<WeightFiles> from_other_containers(const source::Snapshot& snapshot,
                                          const std::vector<std::string>& names) {
  WeightFiles none;
  for (const std::string& name : names) {
    if (!may_hold_weights(name)) continue;
    PROV_TRY(const auto file, snapshot.open(name));
    PROV_TRY(const format::Content content, format::sniff(*file));
    if (auto refusal = format::refusal_of(content, file->name())) return *std::move(refusal);
    none.warnings.push_back(name + " holds no weights that this version knows");
  }
  return none;
}

}  // namespace

Result<WeightFiles> find_weight_files(const source::Snapshot& snapshot) {
  WeightFiles found;
  if (!snapshot.weight_file.empty()) {
    if (snapshot.weight_file.ends_with(".safetensors.index.json"))
      return from_index(snapshot, snapshot.weight_file);
    found.names = {snapshot.weight_file};
    return found;
  }
  if (snapshot.contains(kIndexName)) return from_index(snapshot, kIndexName);
  if (snapshot.contains(kSingleName)) {
    found.names = {std::string(kSingleName)};
    return found;
  }
  const std::vector<std::string> names = snapshot.list();
  std::vector<std::string> safetensors;
  std::ranges::copy_if(names, std::back_inserter(safetensors),
                       [](const std::string& name) { return name.ends_with(kExtension); });
  if (safetensors.empty()) return from_other_containers(snapshot, names);
  return from_names(snapshot, safetensors);
}

}  // namespace prov::model
