#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "base/digest.hpp"
#include "base/try.hpp"
#include "fingerprint/fingerprint_codec.hpp"
#include "provenancekit/fingerprint.hpp"
#include "signals/fingerprint_codec.hpp"
#include "source/snapshot.hpp"
#include "verdict/whole_model.hpp"

namespace prov {

using fingerprint::FingerprintFile;

Result<ModelFingerprint> fingerprint_model(std::string_view reference,
                                           const FingerprintOptions& options) {
  PROV_TRY(verdict::PreparedModel prepared, verdict::open_whole(reference, nullptr));
  if (prepared.model.checkpoint.tensors.empty()) {
    return Error{.code = ErrorCode::not_weights,
                 .message = "there are no weights that this version can read",
                 .file = std::string(reference)};
  }
  CompareOptions reading;
  reading.progress = options.progress;
  reading.stop = options.stop;
  const bool sampled = options.depth == Depth::fast;
  PROV_TRY(fingerprint::WeightFingerprint weights,
           sampled ? verdict::read_sampled_fingerprint(prepared, reading)
                   : verdict::read_fingerprint(prepared, reading));
  PROV_CHECK(prepared.model.checkpoint.verify_unchanged());

  ModelFingerprint result;
  result.content =
      fmt::format("{:016x}{:016x}", weights.sketch.weights.high, weights.sketch.weights.low);
  result.sampled = sampled;
  result.weight_bytes = prepared.model.checkpoint.bytes();
  result.words = weights.sketch.words.size();
  result.notes = prepared.summary.notes;
  if (sampled) result.notes.emplace_back(fingerprint::kSampledNote);
  if (!weights.standard.missing.empty())
    result.notes.push_back("No neuron words: " + weights.standard.missing + ".");
  const FingerprintFile sketch{.sketch = std::move(weights.sketch)};
  const FingerprintFile standard{.standard = std::move(weights.standard)};
  result.sketch_bytes = fingerprint::encode(sketch).size();
  result.standard_bytes = fingerprint::encode(standard).size();
  result.file =
      fingerprint::encode({sketch.sketch, standard.standard,
                           signals::encode({prepared.weights, prepared.mfi, prepared.tfv})});
  return result;
}

Result<std::string> model_stamp(std::string_view reference) {
  PROV_TRY(const source::Snapshot snapshot, source::locate(reference));
  if (snapshot.remote) {
    // Without a version nothing may count as known: no two stamps are alike.
    static std::atomic<std::uint64_t> unknown{0};
    const std::string identity = snapshot.remote->identity();
    return identity.empty() ? fmt::format("no version {}", ++unknown) : identity;
  }
  std::vector<std::string> names = snapshot.list();
  if (!snapshot.weight_file.empty()) {
    const auto of_other_models = [&](const std::string& name) {
      return name != snapshot.weight_file && !name.ends_with(".json");
    };
    std::erase_if(names, of_other_models);
  }
  std::string facts;
  for (const std::string& name : names) {
    std::error_code missing;
    const std::filesystem::path path = snapshot.directory / name;
    const std::uintmax_t size = std::filesystem::file_size(path, missing);
    const auto time = std::filesystem::last_write_time(path, missing);
    facts +=
        fmt::format("{}\n{}\n{}\n{}\n", name.size(), name, size, time.time_since_epoch().count());
  }
  return base::sha256_hex(facts);
}

std::string_view fingerprint_status_name(FingerprintStatus status) {
  switch (status) {
    case FingerprintStatus::written:
      return "written";
    case FingerprintStatus::kept:
      return "kept";
    case FingerprintStatus::failed:
      return "failed";
  }
  return "failed";
}

}  // namespace prov
