// The cache of the Hub's own client, read only: models--org--name/{blobs/<hash>, refs/<branch>,
// snapshots/<commit>/<file -> ../../blobs>}.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "provenancekit/result.hpp"
#include "source/hub/hub_id.hpp"

namespace prov::source {

/// True for a folder models--... that holds snapshots.
bool is_hub_repository(const std::filesystem::path& directory);

/// The snapshot of refs/main, else the only one. Errors: not_found.
Result<std::filesystem::path> hub_snapshot(const std::filesystem::path& repository);

/// The snapshot of a revision, where the cache at `cache` has it.
std::optional<std::filesystem::path> cached_snapshot(const std::filesystem::path& cache,
                                                     const HubId& id);

}  // namespace prov::source
