#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "fingerprint/fingerprint.hpp"
#include "model/model.hpp"
#include "model/unit_strengths.hpp"
#include "provenancekit/result.hpp"
#include "signals/weight_signals.hpp"

namespace prov::fingerprint {

/// Makes the fingerprint of a model beside one pass over its weights that somebody else does
/// (signals::read_weight_signals). The same weights give the same fingerprint whatever the shards,
/// the order in a file, the container of 16- or 32-bit floats, threads and the CPU.
class FingerprintReader {
 public:
  /// `model` must outlive it. Errors: those of reading.
  static Result<FingerprintReader> prepare(const model::Model& model);

  /// Who must see the elements of `tensor` during that pass; null if nobody. What nobody showed is
  /// read again.
  model::ElementVisitor* visitor_of(const model::Tensor& tensor) const;

  /// After the pass, of which `tensors` are the records. Reads samples, and W_down of each MLP once
  /// more: which of its columns belong to the strongest units was not known. Memory: 24 bytes a
  /// hidden unit, at most 200 MB, and a few rows for each of at most eight threads. Errors: those
  /// of reading; cancelled.
  Result<WeightFingerprint> finish(std::span<const signals::TensorRecord> tensors,
                                   const std::stop_token& stop) const;

 private:
  FingerprintReader(const model::Model& model, model::NormConvention convention)
      : model_(&model), convention_(convention) {}

  const model::Model* model_;
  model::NormConvention convention_;
  std::vector<model::Mlp> mlps_;
  std::optional<model::UnitStrengths> strengths_;
};

}  // namespace prov::fingerprint
