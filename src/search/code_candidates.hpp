// Candidates by binary code, for models whose tokenizer was replaced, so that no word is left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "provenancekit/result.hpp"
#include "search/nearest_codes.hpp"
#include "store/store.hpp"

namespace prov::search {

/// The records whose codes differ from `code` in the fewest bits; their number is at most
/// `capacity`. Every code of that length in the store is compared, on up to `workers` threads with
/// a connection each; their number does not change the result. Codes of other lengths (of another
/// version) are passed over. Errors: those of the store.
Result<std::vector<CodeMatch>> find_by_code(const store::Store& store,
                                            std::span<const std::uint64_t> code,
                                            std::size_t capacity, std::size_t workers);

}  // namespace prov::search
