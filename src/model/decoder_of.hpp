#pragma once

#include "format/dtype.hpp"
#include "numeric/decode.hpp"

namespace prov::model {

/// What turns stored numbers of a type into f32; null for what has no value on the real line.
numeric::Decoder* decoder_of(format::Dtype dtype);

}  // namespace prov::model
