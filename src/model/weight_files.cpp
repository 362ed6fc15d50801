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
constexpr std::string_view kSafetensors = ".safetensors";
constexpr std::string_view kGguf = ".gguf";
constexpr std::string_view kTorchIndexName = "pytorch_model.bin.index.json";
constexpr std::string_view kTorchName = "pytorch_model.bin";
constexpr std::string_view kTorchExtensions[] = {".bin", ".pt", ".pth", ".ckpt"};

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

/// NAME-00001-of-00003<extension> taken apart; count 1 and stem NAME for a file that is no shard.
struct ShardName {
  std::string stem;
  unsigned count = 1;
};

ShardName parse_shard_name(std::string_view name, std::string_view extension) {
  const std::string_view stem = name.substr(0, name.size() - extension.size());
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

std::vector<std::string> shard_names(const ShardName& series, std::string_view extension) {
  if (series.count == 1) return {series.stem + std::string(extension)};
  std::vector<std::string> names;
  for (unsigned i = 1; i <= series.count; ++i) {
    names.push_back(fmt::format("{}-{:05}-of-{:05}{}", series.stem, i, series.count, extension));
  }
  return names;
}

/// All files of a series, of which `names` are there.
Result<WeightFiles> from_series(const source::Snapshot& snapshot, const ShardName& series,
                                const std::vector<std::string>& names, std::string_view extension) {
  WeightFiles found;
  found.names = shard_names(series, extension);
  std::vector<std::string> missing;
  std::ranges::set_difference(found.names, names, std::back_inserter(missing));
  if (!missing.empty()) return missing_shards(snapshot, missing);
  return found;
}

/// Without an index and without model.safetensors: the only file or the only series.
Result<WeightFiles> from_names(const source::Snapshot& snapshot,
                               const std::vector<std::string>& names, std::string_view extension) {
  std::map<std::pair<std::string, unsigned>, ShardName> series;
  for (const std::string& name : names) {
    ShardName parsed = parse_shard_name(name, extension);
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
  PROV_TRY(WeightFiles found, from_series(snapshot, series.begin()->second, names, extension));
  // The shards of a GGUF number themselves.
  if (found.names.size() > 1 && extension != kGguf) {
    found.warnings.push_back(
        fmt::format("no index; {} shards are joined by their names", found.names.size()));
  }
  return found;
}

std::vector<std::string> with_extension(const std::vector<std::string>& names,
                                        std::string_view extension) {
  std::vector<std::string> found;
  std::ranges::copy_if(names, std::back_inserter(found),
                       [&](const std::string& name) { return name.ends_with(extension); });
  return found;
}

/// The files of language models among *.gguf: an image encoder lies beside its model, named so.
std::vector<std::string> gguf_models(const std::vector<std::string>& names) {
  std::vector<std::string> found = with_extension(names, kGguf);
  const auto is_side_file = [](const std::string& name) { return name.starts_with("mmproj"); };
  if (!std::ranges::all_of(found, is_side_file)) std::erase_if(found, is_side_file);
  return found;
}

bool may_hold_weights(std::string_view name) {
  const auto starts_with_any = [&](std::initializer_list<std::string_view> starts) {
    return std::ranges::any_of(starts,
                               [&](std::string_view start) { return name.starts_with(start); });
  };
  if (name.ends_with(".h5")) return true;
  if (name.ends_with(".bin"))
    return starts_with_any({"pytorch_model", "model", "adapter_model", "consolidated"});
  const bool is_torch = name.ends_with(".pt") || name.ends_with(".pth") || name.ends_with(".ckpt");
  return is_torch &&
         !starts_with_any({"optimizer", "scheduler", "rng_state", "training_args", "scaler"});
}

/// The only PyTorch file, or the only series of them, of one extension; no names if there is none.
Result<WeightFiles> from_torch_names(const source::Snapshot& snapshot,
                                     const std::vector<std::string>& names) {
  for (const std::string_view extension : kTorchExtensions) {
    std::vector<std::string> found;
    for (const std::string& name : with_extension(names, extension)) {
      if (!may_hold_weights(name)) continue;
      PROV_TRY(const auto file, snapshot.open(name));
      PROV_TRY(const format::Content content, format::sniff(*file));
      // A bare pickle holds no weights, but reading it says what it wants to run.
      if (content == format::Content::zip || content == format::Content::legacy_pytorch ||
          content == format::Content::pickle)
        found.push_back(name);
    }
    if (!found.empty()) return from_names(snapshot, found, extension);
  }
  return WeightFiles{};
}

/// Nothing that is read: says what there is instead.
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
    if (snapshot.weight_file.ends_with(".safetensors.index.json") ||
        snapshot.weight_file.ends_with(".bin.index.json"))
      return from_index(snapshot, snapshot.weight_file);
    found.names = {snapshot.weight_file};
    if (!snapshot.weight_file.ends_with(kGguf)) return found;
    // One file of a series stands for all: the first cannot be used alone.
    const ShardName series = parse_shard_name(snapshot.weight_file, kGguf);
    return from_series(snapshot, series, snapshot.list(), kGguf);
  }
  if (snapshot.contains(kIndexName)) return from_index(snapshot, kIndexName);
  if (snapshot.contains(kSingleName)) {
    found.names = {std::string(kSingleName)};
    return found;
  }
  const std::vector<std::string> names = snapshot.list();
  const std::vector<std::string> safetensors = with_extension(names, kSafetensors);
  if (!safetensors.empty()) return from_names(snapshot, safetensors, kSafetensors);
  if (snapshot.contains(kTorchIndexName)) return from_index(snapshot, kTorchIndexName);
  if (snapshot.contains(kTorchName)) {
    found.names = {std::string(kTorchName)};
    return found;
  }
  const std::vector<std::string> gguf = gguf_models(names);
  if (!gguf.empty()) return from_names(snapshot, gguf, kGguf);
  PROV_TRY(found, from_torch_names(snapshot, names));
  if (!found.names.empty()) return found;
  return from_other_containers(snapshot, names);
}

}  // namespace prov::model
