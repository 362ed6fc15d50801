#pragma once

#include "model/weight_view.hpp"

namespace prov::forensics {

/// The attention heads that the configurations of two models name: projections that are fused head
/// by head are taken apart by them.
struct HeadCounts {
  model::AttentionHeads a, b;
};

}  // namespace prov::forensics
