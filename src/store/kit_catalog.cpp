#include "store/kit_catalog.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/try.hpp"
#include "model/json_text.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kManifest = "catalog/manifest.json";
constexpr std::string_view kHub = "https://huggingface.co/";
constexpr std::uint64_t kLargestFile = 16 * 1024 * 1024;  // bytes
constexpr std::size_t kMostShards = 10'000, kMostAssets = 100'000;
// Where the database lies below what the user named: its own folder, the package, a wheel.
constexpr std::array<std::string_view, 3> kRoots = {"", "data/database/",
                                                    "provenancekit/data/database/"};

Error malformed(const std::string& file, std::string message, std::string field) {
  return {.code = ErrorCode::malformed,
          .message = std::move(message),
          .file = file,
          .field = std::move(field)};
}

Result<json> read_object(const KitCatalog& catalog, const std::string& path) {
  PROV_TRY(const std::string text, catalog.read(path));
  PROV_TRY(json object, model::parse_json_text(text, catalog.name_of(path)));
  if (object.is_object()) return object;
  return malformed(catalog.name_of(path), "not a JSON object", "");
}

/// Empty where it is missing or no text.
std::string text_of(const json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The assets of one family, after one another.
class CatalogBuilder {
 public:
  explicit CatalogBuilder(KitCatalog& catalog) : catalog_(catalog) {}

  Result<void> add_family(const std::string& path) {
    PROV_TRY(const json shard, read_object(catalog_, path));
    const std::string file = catalog_.name_of(path);
    const json family = shard.value("family", json());
    if (!family.is_object()) return malformed(file, "the family is missing", "family");
    KitAsset common{.family_id = text_of(family, "family_id"),
                    .family_name = text_of(family, "display_name"),
                    .publisher = text_of(family, "publisher")};
    if (common.family_id.empty())
      return malformed(file, "the family has no name", "family.family_id");
    if (common.family_name.empty()) common.family_name = common.family_id;
    const json assets = shard.value("assets", json::array());
    if (!assets.is_array()) return malformed(file, "not a list", "assets");
    const json baselines = family.value("baseline_model_ids", json::array());
    for (const json& asset : assets) {
      if (Result<void> added = add_asset(asset, common, baselines, file); !added)
        catalog_.damaged.push_back(std::move(added).error());
    }
    return {};
  }

 private:
  Result<void> add_asset(const json& asset, const KitAsset& common, const json& baselines,
                         const std::string& file) {
    if (!asset.is_object()) return malformed(file, "an asset is not an object", "assets");
    KitAsset result = common;
    result.asset_id = text_of(asset, "asset_id");
    result.model_id = text_of(asset, "model_id");
    result.param_bucket = text_of(asset, "param_bucket");
    result.source_uri = text_of(asset, "source_uri");
    result.feature_path = text_of(asset, "feature_path");
    result.format = text_of(asset, "format");
    result.is_baseline = baselines.is_array() &&
                         std::ranges::find(baselines, json(result.model_id)) != baselines.end();
    if (result.asset_id.empty()) return malformed(file, "an asset has no name", "asset_id");
    if (places_.size() == kMostAssets) {
      return Error{.code = ErrorCode::too_large,
                   .message = "the catalogue has more models than are read",
                   .file = file};
    }
    const auto [place, is_new] = places_.emplace(result.asset_id, catalog_.assets.size());
    if (is_new) {
      catalog_.assets.push_back(std::move(result));
    } else {
      catalog_.assets[place->second] = std::move(result);
    }
    return {};
  }

  KitCatalog& catalog_;
  std::map<std::string, std::size_t> places_;
};

/// Finds the root, too.
Result<json> read_manifest(KitCatalog& catalog, const fs::path& path) {
  for (const std::string_view root : kRoots) {
    catalog.root = root;
    Result<json> manifest = read_object(catalog, std::string(kManifest));
    if (manifest || manifest.error().code != ErrorCode::not_found) return manifest;
  }
  return Error{.code = ErrorCode::not_found,  // in the words of the kit
               .message = "Catalog manifest not found: " + (path / kManifest).string()};
}

}  // namespace

std::string KitAsset::hub_name() const {
  return source_uri.starts_with(kHub) ? source_uri.substr(kHub.size()) : std::string();
}

std::string KitAsset::record_id() const {
  if (std::string name = hub_name(); !name.empty()) return name;
  return publisher.empty() ? model_id : publisher + "/" + model_id;
}

Result<std::string> KitCatalog::read(const std::string& path) const {
  return files->read(path.empty() ? path : root + path, kLargestFile);
}

std::string KitCatalog::name_of(const std::string& path) const {
  return (place / (root + path)).string();
}

bool is_kit_folder(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / kManifest, error);
}

Result<KitCatalog> read_kit_catalog(const fs::path& path) {
  KitCatalog catalog{.place = path};
  PROV_TRY(catalog.files, open_bundle(path));
  PROV_TRY(const json manifest, read_manifest(catalog, path));
  const json shards = manifest.value("shards", json());
  if (!shards.is_array() || shards.size() > kMostShards)
    return malformed(catalog.name_of(std::string(kManifest)), "no list of shards", "shards");
  CatalogBuilder builder(catalog);
  for (const json& shard : shards) {
    const std::string shard_path = shard.is_object() ? text_of(shard, "shard_path") : "";
    if (Result<void> added = builder.add_family(shard_path); !added)
      catalog.damaged.push_back(std::move(added).error());
  }
  return catalog;
}

Result<signals::KitBundle> read_kit_bundle(const KitCatalog& catalog, const KitAsset& asset) {
  PROV_TRY(const std::string text, catalog.read(asset.feature_path));
  return signals::parse_kit_bundle(text, catalog.name_of(asset.feature_path));
}

bool has_deep_signals(const KitCatalog& catalog, const signals::KitBundle& bundle) {
  return !bundle.deep_signals.empty() &&
         catalog.files->contains(catalog.root + bundle.deep_signals);
}

}  // namespace prov::store
