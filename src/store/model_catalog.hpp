// A list of models from which a database is built.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "store/record.hpp"
#include "store/verify.hpp"

namespace prov::store {

struct CatalogEntry {
  RecordFields fields;  // `source` as it stands in the catalogue
  std::string
      reference;  // where the model is: `source`, a path from the folder of the catalogue on
};

struct ModelCatalog {
  std::vector<CatalogEntry> entries;  // in the order of the catalogue, ids are unique
  std::vector<Damage> damage;         // what is no entry, by its line or name
};

/// Reads a JSON Lines file: an object a line with `id` and `source` (needed), `publisher`,
/// `family`, `architecture`, `revision`, `licence` (texts) and `metadata` (an object); or the
/// catalogue of the published kit, where `path` is what read_kit_catalog takes: a folder or a wheel
/// (.whl). Its models are called as import_kit_bundle calls them. An id that comes again is damage.
/// Errors: those of reading, too_large for more than 256 MiB; of read_kit_catalog.
Result<ModelCatalog> read_model_catalog(const std::filesystem::path& path);

}  // namespace prov::store
