// The record of one model in a database folder of the published kit: any text gives a record whose
// scores are in their range, or an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "search/kit_scan.hpp"
#include "signals/kit_bundle.hpp"
#include "signals/parameter_estimate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace prov;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<signals::KitBundle> bundle = signals::parse_kit_bundle(text, "input.json");
  if (!bundle) return 0;
  signals::Fingerprint fingerprint;
  fingerprint.mfi = bundle->mfi;
  fingerprint.tfv = bundle->tfv;
  const std::string bucket(signals::parameter_bucket(signals::estimated_parameters(bundle->mfi)));
  const ScanMatch match = search::score_by_kit({&fingerprint, {bucket}}, {}, fingerprint);
  const auto in_range = [](double score) { return score >= 0 && score <= 1; };
  if (!in_range(match.scores.pipeline_score) || !in_range(match.signals.tfv.value_or(0)))
    std::abort();
  return 0;
}
