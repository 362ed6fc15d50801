#pragma once

#include <string>

#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::source {

/// Key of the files of a model in the cache: 64 hexadecimal digits, SHA-256 over the name, identity
/// (device, inode, times of change of content and of status), size, first 64 KiB, last 4 KiB and 16
/// blocks of 4 KiB in between of each file; files of up to 1 MiB whole. It tells whether a model is
/// still the one that was read: a moved folder keeps its key, a copy gets a new one, and a change
/// that misses every block still changes the times, which nobody can set back (POSIX ctime). Beside
/// a single file only what may belong to it counts. Reads at most 1 MiB a file. Errors: those of
/// opening and reading.
Result<std::string> checkpoint_key(const Snapshot& snapshot);

}  // namespace prov::source
