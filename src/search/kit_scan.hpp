// The published kit's search: size class, marks of equal architecture, scores. What it finds is
// alike by configuration, tokenizer and coarse statistics of the weights; that proves no descent.
// Source: specification of the kit, section 8.1.
#pragma once

#include <string>
#include <vector>

#include "provenancekit/scan.hpp"
#include "search/known_models.hpp"

namespace prov::search {

/// What the kit compares.
struct KitQuery {
  const signals::Fingerprint* fingerprint = nullptr;
  std::vector<std::string> buckets;  // size classes that the model may be of, at least one
};

/// True where a known model's size class is one of the query's, or next to one.
bool may_match(const KitQuery& query, const KnownModel& known);

/// Signals, scores and kind of match of one known model. Without a configuration on both sides
/// the scores of metadata and of the whole are 0.
ScanMatch score_by_kit(const KitQuery& query, const KnownModel& known,
                       const signals::Fingerprint& fingerprint);

}  // namespace prov::search
