// Fingerprints of small models.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "fingerprint/read_fingerprint.hpp"
#include "fingerprint/sampled_fingerprint.hpp"
#include "model/row_reader.hpp"
#include "unit/forensics/small_model.hpp"

namespace prov::fingerprint {

using forensics::SmallModel;

inline WeightFingerprint fingerprint_of(const model::Model& model) {
  std::vector<signals::TensorRecord> tensors;
  for (const model::Tensor& tensor : model.checkpoint.tensors) {
    std::vector<float> values(tensor.elements());
    EXPECT_TRUE(model::RowReader(model.checkpoint, tensor).read_elements(0, values));
    base::ContentHasher hasher;
    hasher.update(std::as_bytes(std::span(values)));
    tensors.push_back({tensor.info.name, tensor.role, tensor.info.shape, hasher.finish()});
  }
  const auto reader = FingerprintReader::prepare(model);
  EXPECT_TRUE(reader) << reader.error().to_string();
  auto result = reader->finish(tensors, {});
  EXPECT_TRUE(result) << result.error().to_string();
  return *std::move(result);
}

inline WeightFingerprint fingerprint_of(const SmallModel& model) {
  return fingerprint_of(model.opened());
}

inline WeightFingerprint sampled_fingerprint_of(const SmallModel& model) {
  auto result = read_sampled_fingerprint(model.opened(), {});
  EXPECT_TRUE(result) << result.error().to_string();
  return *std::move(result);
}

}  // namespace prov::fingerprint
