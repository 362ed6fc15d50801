#include "store/kit_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/try.hpp"
#include "model/json_text.hpp"
#include "store/batched_adding.hpp"
#include "store/bundle_files.hpp"

namespace prov::store {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestFile = 16 * 1024 * 1024;  // bytes
constexpr std::size_t kMostShards = 10'000, kMostAssets = 100'000;
constexpr std::string_view kManifest = "catalog/manifest.json";
constexpr std::string_view kHub = "https://huggingface.co/";
// Where the database lies below what the user named: its own folder, the package, a wheel.
constexpr std::array<std::string_view, 3> kRoots = {"", "data/database/",
                                                    "provenancekit/data/database/"};

std::string text_of(const json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const json& member(const json& object, std::string_view key) {
  static const json kNothing;
  const auto found = object.find(key);
  return found != object.end() ? *found : kNothing;
}

// "https://huggingface.co/org/name" -> "org/name"; else publisher and name.
std::string name_of(const json& asset, const std::string& publisher) {
  const std::string source = text_of(asset, "source_uri");
  if (source.starts_with(kHub) && source.size() > kHub.size()) return source.substr(kHub.size());
  const std::string name = text_of(asset, "model_id");
  return publisher.empty() ? name : publisher + "/" + name;
}

// The first of mfi.architectures; the model's type where there is none.
std::string architecture_of(const json& mfi) {
  const json& names = member(mfi, "architectures");
  if (names.is_array() && !names.empty() && names[0].is_string()) return names[0];
  return text_of(mfi, "model_type");
}

Record make_record(const json& family, const json& asset, const json& features) {
  Record record;
  record.publisher = text_of(family, "publisher");
  record.id = name_of(asset, record.publisher);
  record.family = text_of(family, "display_name");
  record.architecture = architecture_of(member(features, "mfi"));
  record.source = text_of(asset, "source_uri");
  json about = {{"origin", "the published kit's database"}};
  for (const char* key : {"family_id", "model_id", "asset_id", "status", "updated_at",
                          "missing_signals", "artifact_refs"})
    about[key] = member(features, key);
  for (const char* key : {"format", "param_bucket"}) about[key] = member(asset, key);
  const json& baselines = member(family, "baseline_model_ids");
  about["baseline"] = baselines.is_array() &&
                      std::ranges::find(baselines, member(asset, "model_id")) != baselines.end();
  record.metadata_json = about.dump();
  json signals;
  for (const char* key : {"mfi", "tfv", "vocab", "signals"}) signals[key] = member(features, key);
  const std::string text = signals.dump();
  const std::span<const std::byte> bytes = base::as_byte_span(text);
  record.parts["signals"].assign(bytes.begin(), bytes.end());
  return record;
}

class Importer {
 public:
  Importer(const Store& target, const BundleFiles& files, const TransferOptions& options)
      : target_(target), files_(files), options_(options), adding_(target, options) {}

  Result<Transfer> run() {
    PROV_TRY(const json manifest, read_manifest());
    const json& shards = member(manifest, "shards");
    if (!shards.is_array() || shards.size() > kMostShards) {
      return Error{.code = ErrorCode::malformed,
                   .message = "no list of shards",
                   .file = std::string(kManifest),
                   .field = "shards"};
    }
    if (options_.progress != nullptr) options_.progress->phase("reading the published database");
    for (const json& shard : shards) {
      PROV_CHECK(adding_.check_stop());
      PROV_CHECK(take_shard(text_of(shard, "shard_path")));
    }
    PROV_TRY(Transfer transfer, adding_.finish());
    PROV_CHECK(keep_licence());
    return transfer;
  }

 private:
  Result<json> read_manifest() {
    Error last;
    for (const std::string_view root : kRoots) {
      root_ = root;
      Result<json> manifest = read_object(std::string(kManifest));
      if (manifest || manifest.error().code != ErrorCode::not_found) return manifest;
      last = manifest.error();
    }
    last.message = "no catalogue of the published kit in it";
    last.field = kManifest;
    return last;
  }

  // A JSON object below the root of the database.
  Result<json> read_object(const std::string& name) const {
    PROV_TRY(const std::string text, files_.read(root_ + name, kLargestFile));
    PROV_TRY(json object, model::parse_json_text(text, name));
    if (object.is_object()) return object;
    return Error{.code = ErrorCode::malformed, .message = "no JSON object", .file = name};
  }

  Result<void> take_shard(const std::string& path) {
    const Result<json> shard = read_object(path);
    const json& assets = shard ? member(*shard, "assets") : json();
    if (!shard || !assets.is_array() || assets.size() > kMostAssets) {
      adding_.leave_out({path, shard ? "no list of assets" : shard.error().to_string()});
      return {};
    }
    for (const json& asset : assets) PROV_CHECK(take_asset(member(*shard, "family"), asset));
    return {};
  }

  Result<void> take_asset(const json& family, const json& asset) {
    const std::string path = text_of(asset, "feature_path");
    const Result<json> features = read_object(path);
    Result<void> valid;
    Record record;
    if (features) {
      record = make_record(family, asset, *features);
      valid = member(*features, "mfi").is_object()
                  ? check_record(record)
                  : Result<void>(Error{.code = ErrorCode::malformed, .message = "no mfi"});
    } else {
      valid = features.error();
    }
    if (valid) return adding_.add(record);
    const std::string name = text_of(asset, "asset_id");
    adding_.leave_out({name.empty() ? path : name, valid.error().to_string()});
    return {};
  }

  Result<void> keep_licence() const {
    for (const char* ending : {".dist-info/licenses/LICENSE", ".dist-info/LICENSE", "LICENSE"}) {
      const std::optional<std::string> name = files_.find_ending(ending);
      if (!name) continue;
      const Result<std::string> text = files_.read(*name, kLargestFile);
      if (text) return target_.set_fact("notice.published-kit", *text);
    }
    return {};
  }

  const Store& target_;
  const BundleFiles& files_;
  const TransferOptions& options_;
  BatchedAdding adding_;
  std::string root_;
};

}  // namespace

Result<Transfer> import_kit_bundle(const Store& target, const std::filesystem::path& path,
                                   const TransferOptions& options) {
  PROV_TRY(const std::unique_ptr<BundleFiles> files, open_bundle(path));
  Result<Transfer> transfer = Importer(target, *files, options).run();
  if (!transfer && transfer.error().file.empty()) transfer.error().file = path.string();
  return transfer;
}

}  // namespace prov::store
