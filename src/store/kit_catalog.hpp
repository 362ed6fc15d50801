// The database that the published Python kit carries, as it is: a catalogue of families, and for
// each model facts about its architecture and its tokenizer. Weight signals lie in an archive of
// their own. Source: specification of the kit, sections 9.1 to 9.3.
//
//   catalog/manifest.json                 shards[]{shard_path}
//   <shard_path>                          family{family_id, display_name, publisher,
//                                         baseline_model_ids[]}, assets[]{asset_id, model_id,
//                                         feature_path, source_uri, format, param_bucket, ...}
//   <feature_path>                        mfi{}, tfv{}, vocab{}, signals{}, status, ...
//
// Paths are relative to the root of the database. They are a stranger's: none may leave it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "provenancekit/result.hpp"
#include "signals/kit_bundle.hpp"
#include "store/bundle_files.hpp"

namespace prov::store {

/// One model of the catalogue.
struct KitAsset {
  std::string asset_id, model_id;
  std::string family_id, family_name, publisher;
  std::string param_bucket, source_uri, feature_path, format;  // may be empty
  bool is_baseline = false;                                    // of its family

  /// "org/name" where the source is on the Hub, else empty.
  std::string hub_name() const;
  /// What its record is called: hub_name(), else publisher and name.
  std::string record_id() const;
};

struct KitCatalog {
  std::filesystem::path place;  // what was named
  std::shared_ptr<const BundleFiles> files;
  std::string root;              // of the database in `files`: empty, or ends with '/'
  std::vector<KitAsset> assets;  // in the order of the catalogue: the kit breaks ties by it
  std::vector<Error> damaged;    // catalogues and assets that cannot be read

  /// A file of the database; `path` as its files name it. Errors: those of BundleFiles::read.
  Result<std::string> read(const std::string& path) const;
  /// That file in messages.
  std::string name_of(const std::string& path) const;
};

/// True where `folder` has the manifest.
bool is_kit_folder(const std::filesystem::path& folder);

/// The catalogue in `path`: a wheel of the kit, its package folder, or the folder of the database.
/// Of assets with one id the last one counts, at the place of the first. A catalogue of a family
/// that cannot be read is named in `damaged`. Errors: those of open_bundle; of the manifest:
/// not_found, io, too_large, malformed.
Result<KitCatalog> read_kit_catalog(const std::filesystem::path& path);

/// Errors: those of KitCatalog::read and of signals::parse_kit_bundle.
Result<signals::KitBundle> read_kit_bundle(const KitCatalog& catalog, const KitAsset& asset);

/// True where the archive of weight signals has a file of the model.
bool has_deep_signals(const KitCatalog& catalog, const signals::KitBundle& bundle);

}  // namespace prov::store
