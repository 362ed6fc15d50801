// Fingerprints: what is kept of a model so that it can be found and compared without its weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/compare.hpp"
#include "provenancekit/progress.hpp"
#include "provenancekit/result.hpp"

namespace prov {

struct FingerprintOptions {
  Depth depth = Depth::standard;  // fast: of samples of the weights (docs/fingerprint.md)
  Progress* progress = nullptr;   // may be null; may be called from any thread
  std::stop_token stop;
};

/// A fingerprint and what its parts hold.
struct ModelFingerprint {
  std::vector<std::byte> file;     // the bytes of a `.fp` file (docs/formats/fingerprint.md)
  std::string content;             // 32 hexadecimal digits, equal for equal weights
  bool sampled = false;            // made of samples of the weights
  std::uint64_t weight_bytes = 0;  // of all tensors
  std::uint64_t words = 0;         // neuron words
  std::uint64_t sketch_bytes = 0;  // of a file with this part alone
  std::uint64_t standard_bytes = 0;
  std::vector<std::string> notes;  // what is missing, and why; one sentence each
};

/// Reads all weights of a model, or samples of them. The same weights give the same bytes whatever
/// the shards, the order of tensors, the container of 16- or 32-bit floats, threads and the CPU.
/// Errors: those of opening and reading; not_weights for a model without weights that can be read;
/// cancelled. Thread-safe.
Result<ModelFingerprint> fingerprint_model(std::string_view reference,
                                           const FingerprintOptions& options = {});

/// 64 hexadecimal digits that change when a file of the model is replaced (names, sizes and times
/// of its files; nothing is read). Errors: those of finding it.
Result<std::string> model_stamp(std::string_view reference);

/// What became of one of many models.
enum class FingerprintStatus {
  written,
  kept,    // its file was there already, and the model did not change since
  failed,  // `error` says why; the others go on
};
/// "written", "kept", "failed".
std::string_view fingerprint_status_name(FingerprintStatus status);

/// A line of a manifest.
struct FingerprintEntry {
  std::string model;  // as typed
  FingerprintStatus status = FingerprintStatus::failed;
  std::string file;     // name of the `.fp` file; empty where it failed
  std::string stamp;    // model_stamp when it was read
  std::string content;  // ModelFingerprint::content
  bool sampled = false;
  std::uint64_t weight_bytes = 0, words = 0, sketch_bytes = 0, standard_bytes = 0, file_bytes = 0;
  std::vector<std::string> notes;
  std::string error;
};

struct FingerprintRun {
  std::string output;                     // the folder, or the file of a single model
  std::vector<FingerprintEntry> entries;  // in the order of the models
};

}  // namespace prov
