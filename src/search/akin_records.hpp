#pragma once

#include <cstdint>
#include <vector>

#include "fingerprint/fingerprint_codec.hpp"
#include "provenancekit/result.hpp"
#include "store/store.hpp"

namespace prov::search {

/// Keys of the records that are worth a comparison by their weights: those of the same weights,
/// those that share words, those whose codes are nearer than chance brings them. Few, whatever the
/// size of the database; ascending. A candidate is no finding. Errors: those of the store; damaged
/// records go to `damaged`.
Result<std::vector<std::int64_t>> akin_records(const store::Store& store,
                                               const fingerprint::Sketch& query,
                                               std::vector<Error>& damaged);

/// True where the codes of two models are nearer than chance brings them.
bool have_near_codes(const fingerprint::Sketch& a, const fingerprint::Sketch& b);

}  // namespace prov::search
