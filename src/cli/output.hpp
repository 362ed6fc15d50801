// Writing: data to standard output or a file, everything else to standard error.
#pragma once

#include <filesystem>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::cli {

/// To be called first in main. A reader that goes away becomes an error of write() instead of a
/// signal, and descriptors 0 to 2 are never given to a file that is opened later, even where the
/// caller closed them.
void prepare_standard_streams();

/// Writes all of `text`. A reader that closed the pipe has seen what it wanted: that is success.
/// Error io, e.g. for a full disk.
Result<void> write_standard_output(std::string_view text);

/// Writes `text` as well as it can be; there is nobody to tell about a failure.
void write_standard_error(std::string_view text);

/// Error not_found where the folder of `path` does not exist. For a check before long work.
Result<void> check_folder(const std::filesystem::path& path);

/// Replaces the file `path` in one step: a reader sees the old text or the new one, never a part.
/// An existing file keeps its mode; a link is followed; what is no regular file (a pipe, a device)
/// is written directly. Error io.
Result<void> write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace prov::cli
