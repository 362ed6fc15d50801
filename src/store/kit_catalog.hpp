// The folder in which the published kit keeps its database, as it is: a manifest, a catalogue of
// each family, a feature bundle of each model. Source: specification of the kit, sections 9.1 and
// 9.2. Paths inside its files are a stranger's: none may leave the folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "provenancekit/result.hpp"
#include "signals/kit_bundle.hpp"

namespace prov::store {

/// One model of the catalogue.
struct KitAsset {
  std::string asset_id, model_id;
  std::string family_id, family_name, publisher;
  std::string param_bucket, source_uri, feature_path;  // may be empty
};

struct KitCatalog {
  std::filesystem::path root;
  std::vector<KitAsset> assets;  // in the order of the catalogue: the kit breaks ties by it
  std::vector<Error> damaged;    // catalogues and assets that cannot be read
};

/// True where `folder` has the manifest.
bool is_kit_folder(const std::filesystem::path& folder);

/// Of assets with one id the last one counts, at the place of the first. A catalogue of a family
/// that cannot be read is named in `damaged`. Errors, of the manifest: not_found, io, too_large,
/// malformed.
Result<KitCatalog> read_kit_catalog(const std::filesystem::path& root);

/// Errors: unsafe_path, not_found, io, too_large, those of signals::parse_kit_bundle.
Result<signals::KitBundle> read_kit_bundle(const KitCatalog& catalog, const KitAsset& asset);

/// True where the archive of weight signals has a file of the model.
bool has_deep_signals(const KitCatalog& catalog, const signals::KitBundle& bundle);

}  // namespace prov::store
