#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/byte_source.hpp"

namespace prov::source {

/// The files of one model on this machine. Value type.
///
/// A Hub cache stores the files of a snapshot as links into ../../blobs: links are followed, names
/// are checked.
struct Snapshot {
  std::string reference;            // as the user typed it, trimmed
  std::filesystem::path directory;  // where config and tokenizer files are looked for
  std::string weight_file;  // set when the reference is a single file: its name in `directory`

  /// True if `name` is a regular file here, or a link to one, or a link to nothing: opening that
  /// says so, where "absent" would hide an incomplete download.
  bool contains(std::string_view name) const;
  /// Opens `name`. Error unsafe_path for anything but a plain file name (no separator, no "..", no
  /// NUL).
  Result<std::unique_ptr<ByteSource>> open(std::string_view name) const;
  /// Names of all that `contains` is true for, sorted.
  std::vector<std::string> list() const;
};

/// Finds what a reference names: a directory, a single weight file, a Hub cache snapshot directory,
/// or a Hub cache repository directory (models--org--name: the commit of refs/main, else the only
/// snapshot). `~` is expanded. Errors: not_found (with a hint when the text looks like a Hub id),
/// io.
Result<Snapshot> locate(std::string_view reference);

}  // namespace prov::source
