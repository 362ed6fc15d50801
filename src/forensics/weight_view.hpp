#pragma once

#include "forensics/matrix.hpp"
#include "model/weight_view.hpp"

namespace prov::forensics {

using model::read_block;
using model::ViewAddress;
using model::ViewMap;
using model::weight_views;
using model::WeightView;

}  // namespace prov::forensics
