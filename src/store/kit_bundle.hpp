// The database that the published Python kit carries: a catalogue of families, and for each model
// facts about its architecture and its tokenizer. No weights.
//
//   catalog/manifest.json                 shards[]{shard_path}
//   <shard_path>                          family{family_id, display_name, publisher,
//                                         baseline_model_ids[]}, assets[]{asset_id, model_id,
//                                         feature_path, source_uri, format, param_bucket, ...}
//   <feature_path>                        mfi{}, tfv{}, vocab{}, signals{}, status, ...
//
// Paths are relative to the root of the database.
#pragma once

#include <filesystem>

#include "store/transfer.hpp"

namespace prov::store {

/// Adds the models of the bundle at `path`: a wheel of the kit, its package folder, or the folder
/// of the database (the kit's --db-root). A record is named org/name after its source on the Hub,
/// has no weights, and keeps mfi, tfv, vocab and signals as its part "signals". The kit's licence
/// comes along as the notice "published-kit". What is missing, broken or leads out of the bundle is
/// left out and named. Errors: not_found where there is no catalogue, malformed for one that cannot
/// be read, io, cancelled.
Result<Transfer> import_kit_bundle(const Store& target, const std::filesystem::path& path,
                                   const TransferOptions& options);

}  // namespace prov::store
