#pragma once

#include <filesystem>

#include "provenancekit/result.hpp"

namespace prov::store {

/// Makes an empty database at `path` in one step: made under another name, flushed, then linked, so
/// that nobody ever sees half of it. Folders that are missing are made. Where another process was
/// first, its file stays. Error io.
Result<void> make_new_file(const std::filesystem::path& path);

}  // namespace prov::store
