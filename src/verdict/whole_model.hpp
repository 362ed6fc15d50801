// A model that can be described on its own: an adapter only on the base that it names.
#pragma once

#include "verdict/prepared_model.hpp"

namespace prov::verdict {

/// As open_prepared. An adapter is merged onto its base where the Hub's cache on this machine holds
/// it; the network is not asked, and a path that the adapter names is not followed: both would be a
/// stranger's wish. Errors: not_found where the base is not there; unsupported for adapters that
/// are not merged; size_mismatch where it does not fit; those of opening and of merge_adapter.
Result<PreparedModel> open_whole(std::string_view reference, const FeatureCache* cache);

}  // namespace prov::verdict
