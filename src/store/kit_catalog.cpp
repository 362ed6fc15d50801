#include "store/kit_catalog.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/try.hpp"
#include "model/json_text.hpp"
#include "source/byte_source.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kManifest = "catalog/manifest.json";
constexpr std::uint64_t kLargestFile = 64 * 1024 * 1024;  // bytes

// '/' separates the parts of a path in these files. Links are followed: they are the owner's, not
// the file's.
bool stays_inside(const std::string& path) {
  const fs::path inner(path);
  return !path.empty() && path.find('\0') == std::string::npos && inner.is_relative() &&
         std::ranges::none_of(inner, [](const fs::path& part) { return part == ".."; });
}

Result<std::string> read_text(const fs::path& root, const std::string& path) {
  const std::string file = (root / path).string();
  if (!stays_inside(path)) {
    return Error{.code = ErrorCode::unsafe_path,
                 .message = "the path \"" + path + "\" leaves the folder of the database",
                 .file = root.string()};
  }
  PROV_TRY(const auto source, source::open_local_file(file));
  return source::read_all(*source, kLargestFile);
}

Result<json> read_object(const fs::path& root, const std::string& path) {
  PROV_TRY(const std::string text, read_text(root, path));
  const std::string file = (root / path).string();
  PROV_TRY(json object, model::parse_json_text(text, file));
  if (object.is_object()) return object;
  return Error{.code = ErrorCode::malformed, .message = "not a JSON object", .file = file};
}

/// Empty where it is missing or no text.
std::string text_of(const json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Error malformed(const fs::path& file, std::string message, std::string field) {
  return {.code = ErrorCode::malformed,
          .message = std::move(message),
          .file = file.string(),
          .field = std::move(field)};
}

/// The assets of one family, after one another.
class CatalogBuilder {
 public:
  explicit CatalogBuilder(KitCatalog& catalog) : catalog_(catalog) {}

  Result<void> add_family(const std::string& path) {
    PROV_TRY(const json shard, read_object(catalog_.root, path));
    const fs::path file = catalog_.root / path;
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
    for (const json& asset : assets) {
      if (Result<void> added = add_asset(asset, common, file); !added)
        catalog_.damaged.push_back(std::move(added).error());
    }
    return {};
  }

 private:
  Result<void> add_asset(const json& asset, const KitAsset& common, const fs::path& file) {
    if (!asset.is_object()) return malformed(file, "an asset is not an object", "assets");
    KitAsset result = common;
    result.asset_id = text_of(asset, "asset_id");
    result.model_id = text_of(asset, "model_id");
    result.param_bucket = text_of(asset, "param_bucket");
    result.source_uri = text_of(asset, "source_uri");
    result.feature_path = text_of(asset, "feature_path");
    if (result.asset_id.empty()) return malformed(file, "an asset has no name", "asset_id");
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

}  // namespace

bool is_kit_folder(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / kManifest, error);
}

Result<KitCatalog> read_kit_catalog(const fs::path& root) {
  if (!is_kit_folder(root)) {  // in the words of the kit
    return Error{.code = ErrorCode::not_found,
                 .message = "Catalog manifest not found: " + (root / kManifest).string()};
  }
  PROV_TRY(const json manifest, read_object(root, std::string(kManifest)));
  const json shards = manifest.value("shards", json::array());
  if (!shards.is_array()) return malformed(root / kManifest, "not a list", "shards");
  KitCatalog catalog{.root = root};
  CatalogBuilder builder(catalog);
  for (const json& shard : shards) {
    const std::string path = shard.is_object() ? text_of(shard, "shard_path") : std::string();
    if (Result<void> added = builder.add_family(path); !added)
      catalog.damaged.push_back(std::move(added).error());
  }
  return catalog;
}

Result<signals::KitBundle> read_kit_bundle(const KitCatalog& catalog, const KitAsset& asset) {
  PROV_TRY(const std::string text, read_text(catalog.root, asset.feature_path));
  return signals::parse_kit_bundle(text, (catalog.root / asset.feature_path).string());
}

bool has_deep_signals(const KitCatalog& catalog, const signals::KitBundle& bundle) {
  std::error_code error;
  return stays_inside(bundle.deep_signals) &&
         fs::is_regular_file(catalog.root / bundle.deep_signals, error);
}

}  // namespace prov::store
