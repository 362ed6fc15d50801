// What is known of the fingerprints in a folder: one JSON object a line, added as each model is
// done, so that a run that was killed goes on where it was. Each shard has a file of its own.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "cli/options.hpp"
#include "provenancekit/fingerprint.hpp"

namespace prov::cli {

/// The last lines of all manifests in `folder`, by model; a line that cannot be read is passed
/// over: it was being written when a run was killed. Error io.
Result<std::map<std::string, FingerprintEntry>> read_manifests(const std::filesystem::path& folder);

/// Adds lines to "manifest.jsonl", or "manifest-<i>-of-<n>.jsonl" of a shard. Thread-safe.
class ManifestWriter {
 public:
  ManifestWriter(const std::filesystem::path& folder, Shard shard);

  /// The line is on the disk when it returns. Error io.
  Result<void> add(const FingerprintEntry& entry);

 private:
  std::filesystem::path path_;
  std::mutex mutex_;
};

}  // namespace prov::cli
