#include "fingerprint/read_fingerprint.hpp"

#include <utility>

#include "base/try.hpp"
#include "fingerprint/describe_mlps.hpp"
#include "fingerprint/exact_hashes.hpp"
#include "forensics/declarations.hpp"
#include "forensics/norm_convention.hpp"

namespace prov::fingerprint {
namespace {

constexpr int kExperts = 1024;
constexpr std::uint64_t kMostUnits = std::uint64_t{1} << 23U;  // 24 bytes each, 200 MB

std::uint64_t units_of(const std::vector<model::Mlp>& mlps) {
  std::uint64_t units = 0;
  for (const model::Mlp& mlp : mlps) units += mlp.hidden();
  return units;
}

}  // namespace

Result<FingerprintReader> FingerprintReader::prepare(const model::Model& model) {
  FingerprintReader reader(model, forensics::norm_convention(forensics::read_declarations(model)));
  reader.mlps_ = model::mlps_of(model.checkpoint, reader.convention_, kExperts);
  if (units_of(reader.mlps_) <= kMostUnits) {
    PROV_TRY(reader.strengths_, model::UnitStrengths::prepare(model.checkpoint, reader.mlps_));
  }
  return reader;
}

model::ElementVisitor* FingerprintReader::visitor_of(const model::Tensor& tensor) const {
  return strengths_ ? strengths_->visitor_of(tensor) : nullptr;
}

Result<WeightFingerprint> FingerprintReader::finish(std::span<const signals::TensorRecord> tensors,
                                                    const std::stop_token& stop) const {
  WeightFingerprint result;
  result.sketch.weights = hash_of_all(tensors);
  result.sketch.tensor_hashes = exact_hashes(tensors);
  const std::uint64_t identity = result.sketch.weights.low;
  PROV_TRY(result.sketch.positional, read_positional_code(model_->checkpoint, identity));
  const auto known = [this](std::size_t mlp) {
    return strengths_ ? strengths_->of(mlp) : std::vector<double>();
  };
  PROV_CHECK(describe_mlps(*model_, mlps_, convention_, known, stop, result));
  PROV_TRY(const auto grams, sample_mlps(model_->checkpoint, mlps_, stop, result.standard));
  result.sketch.hidden_axis = hidden_axis_code(grams, identity);
  return result;
}

}  // namespace prov::fingerprint
