#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/byte_source.hpp"
#include "source/remote_folder.hpp"

namespace prov::source {

/// The files of one model, on this machine or elsewhere. Value type.
///
/// A Hub cache stores the files of a snapshot as links into ../../blobs: links are followed, names
/// are checked.
struct Snapshot {
  std::string reference;            // as the user typed it, trimmed
  std::filesystem::path directory;  // where config and tokenizer files are looked for; elsewhere:
                                    // its address, for messages
  std::string weight_file;  // set when the reference is a single file: its name in `directory`
  std::shared_ptr<const RemoteFolder> remote;  // the files, if they are not on this machine

  /// True if `name` is a regular file here, or a link to one, or a link to nothing: opening that
  /// says so, where "absent" would hide an incomplete download.
  bool contains(std::string_view name) const;
  /// Opens `name`. Error unsafe_path for anything but a plain file name (no separator, no "..", no
  /// NUL).
  Result<std::unique_ptr<ByteSource>> open(std::string_view name) const;
  /// Names of all that `contains` is true for, sorted.
  std::vector<std::string> list() const;
};

/// Finds what a reference names, in this order:
///   ollama:name[:tag]          the GGUF file in Ollama's local store
///   hf:org/name[@revision]     the Hub (HF_ENDPOINT; offline its local cache)
///   http://..., https://...    a page or file of the Hub; else a file and its neighbours
///   a path                     a directory, a single weight file, a Hub cache snapshot directory,
///   or
///                              a Hub cache repository directory (models--org--name: the commit of
///                              refs/main, else the only snapshot); `~` is expanded
///   org/name[@revision]        the Hub, where no such path exists
/// A reference that led elsewhere leads to the same commit for the life of the process. Errors:
/// invalid_argument, not_found, io, and those of open_hub_folder, open_web_file, find_ollama_model.
Result<Snapshot> locate(std::string_view reference);

}  // namespace prov::source
