#include "store/fingerprint_record.hpp"

#include <fmt/format.h>

#include <bit>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "signals/fingerprint_codec.hpp"

namespace prov::store {
namespace {

using fingerprint::FingerprintFile;

std::vector<std::byte> bytes_of(const std::vector<std::uint64_t>& words) {
  std::vector<std::byte> bytes;
  bytes.reserve(words.size() * sizeof(std::uint64_t));
  for (const std::uint64_t word : words) {
    for (unsigned shift = 0; shift < 64; shift += 8)
      bytes.push_back(static_cast<std::byte>(word >> shift & 0xffU));
  }
  return bytes;
}

}  // namespace

std::string content_key_of(const base::ContentHash& weights) {
  // Content keys are SHA-256, 64 digits.
  const std::string text = fmt::format("{:016x}{:016x}", weights.high, weights.low);
  return base::hex(base::sha256(base::as_byte_span(text)));
}

std::vector<std::uint64_t> code_of(const fingerprint::Sketch& sketch) {
  std::vector<std::uint64_t> code(sketch.positional.begin(), sketch.positional.end());
  code.insert(code.end(), sketch.hidden_axis.begin(), sketch.hidden_axis.end());
  return code;
}

Result<Record> record_of_fingerprint(std::span<const std::byte> file, std::string id,
                                     std::string_view name) {
  PROV_TRY(FingerprintFile parts, fingerprint::decode_fingerprint(file, name));
  Record record;
  record.id = std::move(id);
  record.has_weights = parts.sketch || parts.standard;
  if (!parts.signals.empty()) {
    PROV_TRY(const signals::Fingerprint signals, signals::decode_fingerprint(parts.signals, name));
    if (signals.mfi && !signals.mfi->architectures.empty())
      record.architecture = signals.mfi->architectures.front();
    record.parts.emplace(kSignalsPart, std::move(parts.signals));
  }
  if (parts.sketch) {
    record.content_key = content_key_of(parts.sketch->weights);
    record.words = parts.sketch->words;
    record.parts.emplace(kCodePart, bytes_of(code_of(*parts.sketch)));
    record.parts.emplace(kSketchPart,
                         fingerprint::encode(FingerprintFile{.sketch = std::move(parts.sketch)}));
  }
  if (parts.standard) {
    record.parts.emplace(
        kStandardPart, fingerprint::encode(FingerprintFile{.standard = std::move(parts.standard)}));
  }
  return record;
}

Result<FingerprintFile> fingerprint_of_record(const Store& store, std::int64_t key) {
  PROV_TRY(const Record record, store.read(key));
  FingerprintFile file;
  if (const auto part = record.parts.find(kSketchPart); part != record.parts.end()) {
    PROV_TRY(FingerprintFile sketch, fingerprint::decode_fingerprint(part->second, record.id));
    file.sketch = std::move(sketch.sketch);
  }
  if (const auto part = record.parts.find(kStandardPart); part != record.parts.end()) {
    PROV_TRY(FingerprintFile standard, fingerprint::decode_fingerprint(part->second, record.id));
    file.standard = std::move(standard.standard);
  }
  return file;
}

}  // namespace prov::store
