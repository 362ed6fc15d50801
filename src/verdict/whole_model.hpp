// A model that can be described on its own: an adapter only on its base.
#pragma once

#include <span>
#include <string>

#include "verdict/prepared_model.hpp"

namespace prov::verdict {

/// Where the base of an adapter may be found, besides the Hub's cache.
struct BasesAtHand {
  std::string given;                        // the base, said so; empty: nobody did
  std::span<const std::string> candidates;  // references among which it may be
};

/// An adapter on its base.
struct WholeCheckpoint {
  model::Checkpoint checkpoint;
  std::string base;  // what it was merged onto, as it was opened
};

/// Merges `adapter`, for which is_adapter() holds and whose checkpoint is taken, onto its base: the
/// one that was given, else the first candidate whose name is the one that the adapter claims, else
/// what the Hub's cache on this machine holds under that name, else the only candidate that is no
/// adapter. The network is not asked, and a path that the adapter names is not followed: both would
/// be a stranger's wish. Errors: not_found without a base; unsupported for adapters that are not
/// merged; size_mismatch where it does not fit; those of opening and of merge_adapter.
Result<WholeCheckpoint> merge_onto_base(model::Model& adapter, std::string_view reference,
                                        const BasesAtHand& at_hand = {});

/// As open_prepared; an adapter is merged onto its base where the Hub's cache holds it. Errors:
/// those of both.
Result<PreparedModel> open_whole(std::string_view reference, const FeatureCache* cache);

}  // namespace prov::verdict
