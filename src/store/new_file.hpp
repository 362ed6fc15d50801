// New database files appear in one step: made under another name, flushed, then linked, so that
// nobody ever sees half of one.
#pragma once

#include <filesystem>

#include "provenancekit/result.hpp"

namespace prov::store {

/// Makes an empty database at `path`. Folders that are missing are made. Where another process was
/// first, its file stays. Error io.
Result<void> make_new_file(const std::filesystem::path& path);

/// Name of a file beside `path` that no other process or thread uses.
std::filesystem::path name_beside(const std::filesystem::path& path);

enum class IfThere { keep, fail };
/// Gives the closed database `made` the name `path`; `made` is gone afterwards. Errors: io,
/// duplicate where there is a file already and `if_there` is fail.
Result<void> put_in_place(const std::filesystem::path& made, const std::filesystem::path& path,
                          IfThere if_there);

/// Removes a database that was not put in place, with its log.
void remove_made(const std::filesystem::path& made);

}  // namespace prov::store
