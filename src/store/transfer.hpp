// Records from one database to another.
#pragma once

#include <filesystem>
#include <stop_token>
#include <vector>

#include "provenancekit/progress.hpp"
#include "store/batch.hpp"
#include "store/verify.hpp"

namespace prov::store {

/// What became of the records of a source.
struct Transfer {
  std::uint64_t added = 0, unchanged = 0, replaced = 0;
  std::uint64_t kept_count = 0;    // another record of that name was there, and stayed
  std::vector<std::string> kept;   // the first kMostNamed ids of them
  std::uint64_t damage_count = 0;  // what could not be read and was left out
  std::vector<Damage> damage;      // the first kMostNamed of it
};
inline constexpr std::size_t kMostNamed = 1000;

struct TransferOptions {
  Existing existing = Existing::keep;
  Progress* progress = nullptr;
  std::stop_token stop;
};

/// Puts the records of `source` into `target`, in batches: what was committed stays, also after an
/// error. Damaged records of the source are left out and named. Notices come along. Errors: io,
/// cancelled, duplicate under Existing::refuse.
Result<Transfer> merge(const Store& target, const Store& source, const TransferOptions& options);

/// Writes the records of `store` to a new file at `path`: compact, one file without a log, sealed,
/// and signed where `key` is not empty. It appears in one step, or not at all. Errors: duplicate
/// where `path` exists, malformed where a record is damaged, io, cancelled.
Result<Transfer> export_database(const Store& store, const std::filesystem::path& path,
                                 std::span<const std::byte> key, const TransferOptions& options);

}  // namespace prov::store
