// The bytes of a fingerprint (`.fp`): a safetensors file (format/safetensors.hpp), so that any tool
// can open it. Equal fingerprints have equal bytes, and every byte is checked when they are read.
//
//   __metadata__  "format" "provenancekit.fingerprint", "version" "1", "parts" the parts in the
//                 file ("sketch", "standard", "signals", separated by blanks, in this order); with
//                 a standard part "tokens" ("text" or "ids") and "missing" (why there are no
//                 responses; may be empty); "sha256" of all bytes after the header. Of a sampled
//                 fingerprint "version" is "2" and "weights" "sampled": version 1 knows none
//   tensors       those of fingerprint_fields.hpp, with the part's name in front, e.g.
//                 "sketch.words" (U64)
//
// A part is in the file with all its tensors or not at all. Nothing here names a file, a dtype or a
// date. Later versions read version 1 (tests/compat/).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fingerprint/fingerprint.hpp"
#include "provenancekit/result.hpp"

namespace prov::fingerprint {

/// The parts of a fingerprint; each may be absent. Sketch and standard part are both sampled or
/// neither.
struct FingerprintFile {
  std::optional<Sketch> sketch;
  std::optional<Standard> standard;
  std::vector<std::byte> signals;  // signals::encode of the kit's signals; empty: absent

  friend bool operator==(const FingerprintFile&, const FingerprintFile&) = default;
};

inline constexpr std::size_t kLargestSketch = 8192;                   // bytes of a file of one
inline constexpr std::size_t kLargestStandard = 1'500'000;            // bytes of a file of one
inline constexpr std::size_t kLargestFingerprint = 64 * 1024 * 1024;  // bytes that are read

std::vector<std::byte> encode(const FingerprintFile& file);

/// Inverse of encode: decode(encode(x)) == x and encode(decode(y)) == y. `name` is for messages.
/// The bytes of `signals` are not looked into. Errors, each with field: those of safetensors,
/// malformed (not a fingerprint, damaged, a rule broken, not the bytes that encode writes),
/// unsupported (a later version), too_large. Memory is bounded by the size of `bytes`.
Result<FingerprintFile> decode_fingerprint(std::span<const std::byte> bytes, std::string_view name);

}  // namespace prov::fingerprint
