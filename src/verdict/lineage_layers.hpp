// The layer map as a report shows it.
#pragma once

#include "forensics/layer_correspondence.hpp"
#include "provenancekit/verdict.hpp"

namespace prov::verdict {

LayerMap describe_layers(const forensics::LayerCorrespondence& layers);

}  // namespace prov::verdict
