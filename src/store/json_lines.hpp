#pragma once

#include <filesystem>

#include "store/transfer.hpp"

namespace prov::store {

/// Adds the records of a JSON Lines file: one object a line with the keys `id` (needed),
/// `publisher`, `family`, `architecture`, `source`, `revision`, `licence`, `content_key` (texts),
/// `metadata` and `signals` (objects). They have no weights. In batches, as merge(). A line that is
/// no such object is left out and named by its number. Errors: those of reading, io, too_large for
/// a line above 16 MiB.
Result<Transfer> import_json_lines(const Store& target, const std::filesystem::path& path,
                                   const TransferOptions& options);

}  // namespace prov::store
