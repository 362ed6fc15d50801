#include "search/scanned_fingerprint.hpp"

#include <functional>
#include <numeric>
#include <span>
#include <string>

#include "base/try.hpp"
#include "fingerprint/fingerprint_file.hpp"

namespace prov::search {

Result<ScannedFingerprint> read_fingerprint_file(std::string_view reference) {
  PROV_TRY(const std::string text, fingerprint::read_fingerprint_bytes(reference));
  ScannedFingerprint scanned;
  PROV_TRY(scanned.weights,
           fingerprint::decode_fingerprint(std::as_bytes(std::span(text)), reference));
  if (scanned.weights.signals.empty()) return scanned;
  PROV_TRY(scanned.signals, signals::decode_fingerprint(scanned.weights.signals, reference));
  return scanned;
}

ModelSummary summary_of(const ScannedFingerprint& scanned, std::string_view reference) {
  ModelSummary summary{.reference = std::string(reference), .model_type = "unknown"};
  if (const auto& mfi = scanned.signals.mfi) {
    summary.model_type = mfi->model_type;
    if (!mfi->architectures.empty()) summary.architecture = mfi->architectures.front();
  }
  for (const signals::TensorRecord& tensor : scanned.signals.weights.tensors) {
    ++summary.tensors;
    summary.parameters += std::accumulate(tensor.shape.begin(), tensor.shape.end(),
                                          std::uint64_t{1}, std::multiplies<>());
  }
  summary.notes.emplace_back("a fingerprint file: no candidate is compared by its weights");
  return summary;
}

}  // namespace prov::search
