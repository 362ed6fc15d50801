// The published kit's database (store/kit_catalog.hpp) becomes records.
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
///
/// Weight signals that lie in the database, or in `deep_signals` (DeepSignalArchive::open), are in
/// the part "signals" then, which is signals::encode of all signals; the JSON is the part "kit".
/// Where they cannot be read, the record is made without them, and they are named as left out.
Result<Transfer> import_kit_bundle(const Store& target, const std::filesystem::path& path,
                                   const TransferOptions& options,
                                   const std::filesystem::path& deep_signals = {});

}  // namespace prov::store
