#include "store/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/try.hpp"
#include "base/utf8.hpp"
#include "model/json_text.hpp"

namespace prov::store {
namespace {

Error wrong(const RecordFields& record, std::string_view field, std::string message,
            ErrorCode code = ErrorCode::invalid_argument) {
  return {.code = code,
          .message = std::move(message),
          .file = record.id.size() <= kLongestId ? record.id : "",
          .field = std::string(field)};
}

Result<void> check_text(const RecordFields& record, std::string_view field, std::string_view text,
                        std::size_t longest) {
  if (text.size() > longest)
    return wrong(record, field, fmt::format("more than {} bytes", longest), ErrorCode::too_large);
  if (base::find_invalid_utf8(text) != std::string_view::npos)
    return wrong(record, field, "not UTF-8");
  if (text.find('\0') != std::string_view::npos) return wrong(record, field, "a NUL character");
  return {};
}

bool is_part_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 64 && name != kWordsPart &&
         std::all_of(name.begin(), name.end(), allowed);
}

Result<void> check_parts(const Record& record) {
  if (record.parts.size() > kMostParts)
    return wrong(record, "parts", fmt::format("more than {}", kMostParts), ErrorCode::too_large);
  for (const auto& [name, bytes] : record.parts) {
    if (!is_part_name(name)) return wrong(record, "parts", "\"" + name + "\" is no name of a part");
    if (bytes.size() > kLargestPart)
      return wrong(record, name, fmt::format("more than {} bytes", kLargestPart),
                   ErrorCode::too_large);
  }
  return {};
}

}  // namespace

Result<void> check_record(const Record& record) {
  if (record.id.empty()) return wrong(record, "id", "empty");
  PROV_CHECK(check_text(record, "id", record.id, kLongestId));
  PROV_CHECK(check_text(record, "publisher", record.publisher, kLongestText));
  PROV_CHECK(check_text(record, "family", record.family, kLongestText));
  PROV_CHECK(check_text(record, "architecture", record.architecture, kLongestText));
  PROV_CHECK(check_text(record, "source", record.source, kLongestText));
  PROV_CHECK(check_text(record, "revision", record.revision, kLongestText));
  PROV_CHECK(check_text(record, "licence", record.licence, kLongestText));
  PROV_CHECK(check_text(record, "metadata", record.metadata_json, kLongestMetadata));
  const Result<nlohmann::json> metadata = model::parse_json_text(record.metadata_json, record.id);
  if (!metadata || !metadata->is_object()) return wrong(record, "metadata", "no JSON object");
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!record.content_key.empty() &&
      (record.content_key.size() != 64 || !std::ranges::all_of(record.content_key, is_digit)))
    return wrong(record, "content_key", "not 64 lower-case hexadecimal digits");
  if (record.words.size() > kMostWords)
    return wrong(record, "words", fmt::format("more than {}", kMostWords), ErrorCode::too_large);
  return check_parts(record);
}

std::vector<std::byte> encode_words(std::vector<std::uint64_t> words) {
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  std::vector<std::byte> bytes;
  bytes.reserve(8 * words.size());
  for (const std::uint64_t word : words) {
    for (unsigned shift = 0; shift < 64; shift += 8)
      bytes.push_back(static_cast<std::byte>((word >> shift) & 0xff));
  }
  return bytes;
}

Result<std::vector<std::uint64_t>> decode_words(std::span<const std::byte> bytes) {
  if (bytes.size() % 8 != 0 || bytes.size() / 8 > kMostWords)
    return Error{.code = ErrorCode::malformed, .message = "not a list of words"};
  std::vector<std::uint64_t> words;
  words.reserve(bytes.size() / 8);
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i)
      word |= std::to_integer<std::uint64_t>(bytes[at + i]) << (8 * i);
    if (!words.empty() && word <= words.back())
      return Error{.code = ErrorCode::malformed, .message = "words that do not ascend"};
    words.push_back(word);
  }
  return words;
}

base::Sha256Digest digest_of_parts(const std::vector<PartSummary>& parts) {
  base::Sha256 digest;
  digest.update_counted("provenancekit parts 1");
  digest.update_number(parts.size());
  for (const PartSummary& part : parts) {
    digest.update_counted(part.name);
    digest.update_number(part.size);
    digest.update(part.sha256);
  }
  return digest.finish();
}

base::Sha256Digest digest_of_record(const RecordSummary& record) {
  base::Sha256 digest;
  digest.update_counted("provenancekit record 1");
  for (const std::string* text :
       {&record.id, &record.publisher, &record.family, &record.architecture, &record.source,
        &record.revision, &record.licence, &record.metadata_json, &record.content_key})
    digest.update_counted(*text);
  digest.update_number(record.has_weights ? 1 : 0);
  digest.update_number(record.word_count);
  digest.update(record.parts_sha256);
  return digest.finish();
}

base::Sha256Digest digest_of_fact(std::string_view name, std::string_view value) {
  base::Sha256 digest;
  digest.update_counted("provenancekit fact 1");
  digest.update_counted(name);
  digest.update_counted(value);
  return digest.finish();
}

}  // namespace prov::store
