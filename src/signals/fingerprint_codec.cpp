#include "signals/fingerprint_codec.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "base/try.hpp"
#include "model/assign_roles.hpp"
#include "signals/fingerprint_fields.hpp"
#include "signals/record_reader.hpp"
#include "signals/record_writer.hpp"

namespace prov::signals {
namespace {

constexpr std::array<std::uint8_t, 7> kMagic = {'P', 'R', 'O', 'V', 'F', 'P', '\0'};
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kChecksumBytes = 16;

base::ContentHash hash_of(std::span<const std::byte> bytes) {
  base::ContentHasher hasher;
  hasher.update(bytes);
  return hasher.finish();
}

Result<void> check_frame(RecordReader& in, std::span<const std::byte> bytes) {
  for (const std::uint8_t expected : kMagic) {
    std::uint8_t letter = 0;
    PROV_CHECK(in("magic", letter));
    if (letter != expected)
      return in.error(ErrorCode::malformed, "this is not a fingerprint", "magic");
  }
  std::uint8_t version = 0;
  PROV_CHECK(in("version", version));
  if (version != kVersion) {
    return in.error(ErrorCode::unsupported,
                    "version " + std::to_string(version) + " of the format is not known",
                    "version");
  }
  if (in.left() < kChecksumBytes) {
    return in.error(ErrorCode::truncated, "the fingerprint ends early", "checksum");
  }
  const std::size_t covered = bytes.size() - kChecksumBytes;
  RecordReader tail(bytes.subspan(covered), "");
  base::ContentHash stored;
  PROV_CHECK(tail("checksum", stored.high));
  PROV_CHECK(tail("checksum", stored.low));
  if (stored == hash_of(bytes.first(covered))) return {};
  Error error = in.error(ErrorCode::malformed, "the bytes do not match their checksum", "checksum");
  error.hint = "incomplete or damaged copy?";
  return error;
}

Result<void> check_meaning(const RecordReader& in, const WeightSignals& weights) {
  const EasRecord& eas = weights.eas;
  if (eas.cosines.size() != std::uint64_t{eas.anchors} * eas.anchors) {
    return in.error(ErrorCode::malformed, "the table of cosines is not square", "eas.cosines");
  }
  const auto not_ascending = [](const TensorRecord& a, const TensorRecord& b) {
    return a.name >= b.name;
  };
  if (std::ranges::adjacent_find(weights.tensors, not_ascending) != weights.tensors.end()) {
    return in.error(ErrorCode::malformed, "the names of the tensors do not ascend", "tensor.name");
  }
  return {};
}

void restore_roles(std::vector<TensorRecord>& records) {
  std::vector<model::Tensor> tensors(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    tensors[i].info.name = records[i].name;
    tensors[i].info.shape = records[i].shape;
  }
  model::assign_roles(tensors);
  for (std::size_t i = 0; i < records.size(); ++i) records[i].role = tensors[i].role;
}

}  // namespace

std::vector<std::byte> encode(const Fingerprint& fingerprint) {
  RecordWriter out;
  for (const std::uint8_t letter : kMagic) out.put(letter);
  out.put(kVersion);
  out.put(fingerprint);
  const base::ContentHash hash = hash_of(out.bytes());
  out.put(hash.high);
  out.put(hash.low);
  return std::move(out).take();
}

Result<Fingerprint> decode_fingerprint(std::span<const std::byte> bytes, std::string_view name) {
  RecordReader frame(bytes, name);
  PROV_CHECK(check_frame(frame, bytes));
  RecordReader in(bytes.first(bytes.size() - kChecksumBytes), name, kMagic.size() + 1);
  Fingerprint fingerprint;
  PROV_CHECK(in("fingerprint", fingerprint));
  if (in.left() > 0)
    return in.error(ErrorCode::trailing_bytes, "bytes follow the last tensor", "tensors");
  PROV_CHECK(check_meaning(in, fingerprint.weights));
  restore_roles(fingerprint.weights.tensors);
  return fingerprint;
}

}  // namespace prov::signals
