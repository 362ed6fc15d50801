#include "fingerprint/fingerprint_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "base/digest.hpp"
#include "base/sha256.hpp"
#include "base/try.hpp"
#include "fingerprint/fingerprint_fields.hpp"
#include "format/dtype.hpp"
#include "format/safetensors.hpp"
#include "source/byte_source.hpp"

namespace prov::fingerprint {
namespace {

using format::Dtype;

constexpr std::string_view kFormat = "provenancekit.fingerprint";
constexpr std::string_view kVersion = "1", kSampledVersion = "2";
constexpr std::string_view kSampled = "sampled";
constexpr std::string_view kSignals = "signals";
constexpr std::size_t kLongestText = 1024;  // bytes, of "missing"

template <class T>
constexpr Dtype dtype_of() {
  if constexpr (std::is_same_v<T, std::uint64_t>) return Dtype::u64;
  if constexpr (std::is_same_v<T, std::uint32_t>) return Dtype::u32;
  if constexpr (std::is_same_v<T, std::int32_t>) return Dtype::i32;
  if constexpr (std::is_same_v<T, float>) return Dtype::f32;
  if constexpr (std::is_same_v<T, std::int8_t>) return Dtype::i8;
  if constexpr (std::is_same_v<T, std::byte>) return Dtype::u8;
}

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

std::string digest_of(std::span<const std::byte> data) {
  return base::sha256_hex(base::as_text(data));
}

/// Numbers little-endian, one tensor after the other; the header in the same order.
class Writer {
 public:
  template <class T>
  void operator()(std::string_view name, const std::vector<T>& numbers, std::size_t columns) {
    const std::size_t begin = data_.size();
    const auto bytes = std::as_bytes(std::span(numbers));
    data_.insert(data_.end(), bytes.begin(), bytes.end());
    nlohmann::ordered_json shape = nlohmann::ordered_json::array();
    if (columns > 0) shape.push_back(numbers.size() / columns);
    shape.push_back(columns > 0 ? columns : numbers.size());
    header_[std::string(name)] = {{"dtype", std::string(format::dtype_name(dtype_of<T>()))},
                                  {"shape", std::move(shape)},
                                  {"data_offsets", {begin, data_.size()}}};
  }

  nlohmann::ordered_json& metadata() { return header_["__metadata__"]; }

  void reserve(std::size_t bytes) { data_.reserve(bytes); }

  std::span<const std::byte> data() const { return data_; }

  /// What stands before the data, whose digest is `digest`.
  std::vector<std::byte> head(std::string digest) {
    metadata()["sha256"] = std::move(digest);
    std::string text = header_.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');  // data begin at a multiple of 8
    const std::uint64_t size = text.size();
    std::vector<std::byte> head;
    for (const auto part : {std::as_bytes(std::span(&size, 1)), base::as_byte_span(text)})
      head.insert(head.end(), part.begin(), part.end());
    return head;
  }

 private:
  nlohmann::ordered_json header_;
  std::vector<std::byte> data_;
};

class Reader {
 public:
  Reader(const format::TensorDirectory& directory, std::span<const std::byte> bytes,
         std::string_view name)
      : directory_(directory), bytes_(bytes), name_(name) {}

  template <class T>
  void operator()(std::string_view name, std::vector<T>& numbers, std::size_t columns) {
    if (error_) return;
    for (const format::TensorInfo& tensor : directory_.tensors) {
      if (tensor.name == name) return take(tensor, numbers, columns);
    }
    fail("a tensor is missing", name);
  }

  void fail(std::string message, std::string_view field) {
    if (error_) return;
    error_ = Error{.code = ErrorCode::malformed,
                   .message = std::move(message),
                   .file = name_,
                   .field = std::string(field)};
  }
  void check(const std::optional<std::string>& problem, std::string_view part) {
    if (problem) fail("the part holds " + *problem, part);
  }
  Result<void> status() const { return error_ ? Result<void>(*error_) : Result<void>(); }

  /// Empty where there is none.
  std::string text(const std::string& key) const {
    const auto found = directory_.metadata.find(key);
    return found == directory_.metadata.end() ? std::string() : found->second;
  }

 private:
  template <class T>
  void take(const format::TensorInfo& tensor, std::vector<T>& numbers, std::size_t columns) {
    const bool matrix = columns > 0;
    if (tensor.dtype != dtype_of<T>() || tensor.shape.size() != (matrix ? 2U : 1U) ||
        (matrix && tensor.shape[1] != columns))
      return fail("a tensor has another dtype or shape", tensor.name);
    const auto from = bytes_.subspan(tensor.offset, tensor.bytes);
    numbers.resize(from.size() / sizeof(T));
    if (!numbers.empty()) std::memcpy(numbers.data(), from.data(), numbers.size() * sizeof(T));
  }

  const format::TensorDirectory& directory_;
  std::span<const std::byte> bytes_;
  std::string name_;
  std::optional<Error> error_;
};

std::string parts_of(const FingerprintFile& file) {
  std::string parts;
  const auto add = [&](bool present, std::string_view name) {
    if (present) parts += fmt::format("{}{}", parts.empty() ? "" : " ", name);
  };
  add(file.sketch.has_value(), "sketch");
  add(file.standard.has_value(), "standard");
  add(!file.signals.empty(), kSignals);
  return parts;
}

bool is_sampled(const FingerprintFile& file) {
  return (file.sketch && file.sketch->sampled) || (file.standard && file.standard->sampled);
}

bool names_part(std::string_view parts, std::string_view part) {
  return fmt::format(" {} ", parts).find(fmt::format(" {} ", part)) != std::string::npos;
}

Result<void> check_format(const format::TensorDirectory& directory,
                          std::span<const std::byte> bytes, std::string_view name) {
  const auto error = [&](ErrorCode code, std::string message, std::string field) {
    return Error{.code = code,
                 .message = std::move(message),
                 .file = std::string(name),
                 .field = std::move(field)};
  };
  const auto format = directory.metadata.find("format");
  if (format == directory.metadata.end() || format->second != kFormat)
    return error(ErrorCode::malformed, "this is not a fingerprint", "__metadata__.format");
  const auto version = directory.metadata.find("version");
  if (version == directory.metadata.end() ||
      (version->second != kVersion && version->second != kSampledVersion)) {
    return error(ErrorCode::unsupported, "this version of the format is not known",
                 "__metadata__.version");
  }
  // A flipped bit in a number is no other number: it is refused.
  std::uint64_t header = 0;
  for (std::size_t i = 0; i < 8; ++i) header |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  const auto digest = directory.metadata.find("sha256");
  if (digest == directory.metadata.end() ||
      digest->second != digest_of(bytes.subspan(static_cast<std::size_t>(8 + header)))) {
    Error damaged =
        error(ErrorCode::malformed, "the bytes do not match their checksum", "__metadata__.sha256");
    damaged.hint = "incomplete or damaged copy?";
    return damaged;
  }
  return {};
}

Writer written(const FingerprintFile& file, std::size_t expected_bytes = 0) {
  Writer out;
  out.reserve(expected_bytes);
  const bool sampled = is_sampled(file);
  out.metadata() = {{"format", std::string(kFormat)},
                    {"version", std::string(sampled ? kSampledVersion : kVersion)},
                    {"parts", parts_of(file)}};
  if (sampled) out.metadata()["weights"] = std::string(kSampled);
  if (file.standard) {
    out.metadata()["tokens"] = file.standard->by_text ? "text" : "ids";
    out.metadata()["missing"] = file.standard->missing;
  }
  if (file.sketch) {
    const SketchFields fields = fields_of(*file.sketch);
    SketchFields::visit(out, fields);
  }
  if (file.standard) {
    const StandardFields fields = fields_of(*file.standard);
    StandardFields::visit(out, fields);
  }
  if (!file.signals.empty()) out(kSignals, file.signals, 0);
  return out;
}

}  // namespace

std::vector<std::byte> encode(const FingerprintFile& file) {
  Writer out = written(file);
  std::vector<std::byte> bytes = out.head(digest_of(out.data()));
  bytes.insert(bytes.end(), out.data().begin(), out.data().end());
  return bytes;
}

Result<FingerprintFile> decode_fingerprint(std::span<const std::byte> bytes,
                                           std::string_view name) {
  if (bytes.size() > kLargestFingerprint) {
    return Error{.code = ErrorCode::too_large,
                 .message = "a fingerprint has at most 64 MiB",
                 .file = std::string(name)};
  }
  const auto source = source::from_memory(std::string(name), {bytes.begin(), bytes.end()});
  PROV_TRY(const format::TensorDirectory directory, format::read_safetensors(*source));
  PROV_CHECK(check_format(directory, bytes, name));
  Reader in(directory, bytes, name);
  FingerprintFile file;
  const std::string parts = in.text("parts");
  const bool sampled = in.text("weights") == kSampled;
  if (names_part(parts, "sketch")) {
    SketchFields fields;
    SketchFields::visit(in, fields);
    PROV_CHECK(in.status());
    in.check(restore(fields, file.sketch.emplace()), "sketch");
    file.sketch->sampled = sampled;
  }
  if (names_part(parts, "standard")) {
    StandardFields fields;
    StandardFields::visit(in, fields);
    PROV_CHECK(in.status());
    Standard& standard = file.standard.emplace();
    standard.sampled = sampled;
    standard.by_text = in.text("tokens") == "text";
    standard.missing = in.text("missing");
    if (standard.missing.size() > kLongestText) in.fail("the text is too long", "missing");
    if (standard.missing.empty() == fields.mlps.empty())
      in.fail("responses must be there, or a reason why not", "missing");
    in.check(restore(fields, standard), "standard");
  }
  if (names_part(parts, kSignals)) in(kSignals, file.signals, 0);
  PROV_CHECK(in.status());
  // The digest of the bytes was checked, and is that of what is written where all bytes are equal.
  Writer again = written(file, bytes.size());
  const std::vector<std::byte> head = again.head(in.text("sha256"));
  if (!std::ranges::equal(bytes.first(std::min(head.size(), bytes.size())), head) ||
      !std::ranges::equal(bytes.subspan(std::min(head.size(), bytes.size())), again.data())) {
    in.fail("the bytes are not those that a fingerprint of this content has", "header");
    PROV_CHECK(in.status());
  }
  return file;
}

}  // namespace prov::fingerprint
