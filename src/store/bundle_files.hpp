// The files of a bundle: a folder, or a zip archive such as a Python wheel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"

namespace prov::store {

/// Not thread-safe. A name uses `/` between folders and stays below the root: "..", absolute names,
/// backslashes and links that lead out of a folder are unsafe_path.
class BundleFiles {
 public:
  virtual ~BundleFiles() = default;
  /// The whole file. Errors: not_found, unsafe_path, too_large above `limit` bytes, whatever the
  /// archive says of its size; malformed for a broken archive, io.
  virtual Result<std::string> read(std::string_view name, std::uint64_t limit) const = 0;
  virtual bool contains(std::string_view name) const = 0;
  /// First file whose name ends with `ending`; archives only look at the names of their directory,
  /// and pass over what a Mac adds to it.
  virtual std::optional<std::string> find_ending(std::string_view ending) const = 0;
};

/// Error not_found or io; malformed where it is neither a folder nor a zip archive, too_large for
/// an archive of more than 100,000 files.
Result<std::unique_ptr<BundleFiles>> open_bundle(const std::filesystem::path& path);

}  // namespace prov::store
