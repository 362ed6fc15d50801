// The codes of all records, side by side in blocks, so that a search reads little else. A block:
//
//   u32 bytes of a code, n x u64 keys of records (ascending), n codes; numbers least significant
//   byte first
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "store/database.hpp"

namespace prov::store {

using KeyAndCode = std::pair<std::int64_t, std::vector<std::byte>>;

/// Appends codes whose keys ascend and are larger than all that are there.
Result<void> append_codes(const Database& database, std::span<const KeyAndCode> codes);

/// Of a record; empty where it has none. Error malformed where its block is damaged.
Result<std::vector<std::byte>> read_code(const Database& database, std::int64_t key);

/// Nothing happens where there is none. A block that cannot be read goes as a whole: the records
/// whose codes were in it are damaged, with it or without.
Result<void> remove_code(const Database& database, std::int64_t key);

/// All codes whose key is in [first, last], ascending by key. The bytes live during the call. Error
/// malformed for a damaged block.
using CodeVisitor = std::function<void(std::int64_t key, std::span<const std::byte> code)>;
Result<void> visit_codes(const Database& database, std::int64_t first, std::int64_t last,
                         const CodeVisitor& visit);

}  // namespace prov::store
