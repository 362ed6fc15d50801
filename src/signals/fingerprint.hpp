#pragma once

#include <optional>

#include "signals/mfi.hpp"
#include "signals/tfv.hpp"
#include "signals/weight_signals.hpp"

namespace prov::signals {

/// Everything about a model that is ever compared without its weights. The same weights give the
/// same fingerprint whatever the shards, the order of tensors in a file, the container's 16- or
/// 32-bit floats, file names, threads and the CPU.
struct Fingerprint {
  WeightSignals weights;
  std::optional<MfiRecord> mfi;          // absent without a configuration
  std::optional<TokenizerFeatures> tfv;  // absent without a tokenizer

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

}  // namespace prov::signals
