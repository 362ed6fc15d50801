// What the store keeps of one model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"
#include "provenancekit/result.hpp"

namespace prov::store {

/// What is said of a model; all texts but the id may be empty.
struct RecordFields {
  std::string id;  // unique in a database, e.g. "org/name": 1 to 512 bytes
  std::string publisher, family, architecture, source, revision, licence;
  std::string metadata_json = "{}";  // a JSON object, for facts without a field of their own
  std::string content_key;           // 64 hexadecimal digits: what the weights are; or empty
  bool has_weights = false;          // false: architecture and tokenizer facts alone

  friend bool operator==(const RecordFields&, const RecordFields&) = default;
};

struct Record : RecordFields {
  /// "sketch", "standard", "signals" and others: 1 to 64 characters of a-z 0-9 _ - and dot.
  std::map<std::string, std::vector<std::byte>, std::less<>> parts;
  /// Neuron words, for the inverted index: a set. What the store gives back is ascending.
  std::vector<std::uint64_t> words;

  friend bool operator==(const Record&, const Record&) = default;
};

/// A record without its parts and words, as lists show it.
struct RecordSummary : RecordFields {
  std::int64_t key = 0;  // of this database; not used again for another record
  std::uint64_t word_count = 0;
  base::Sha256Digest parts_sha256{};
  base::Sha256Digest sha256{};  // of everything that the record says, equal in all databases
};

struct PartSummary {
  std::string name;
  std::uint64_t size = 0;  // bytes
  base::Sha256Digest sha256{};
};

/// Part that holds the words: 8 bytes each, least significant first, ascending. Not for callers.
inline constexpr std::string_view kWordsPart = "words";

/// Part that holds the binary code of the model, which a search compares with all others.
inline constexpr std::string_view kCodePart = "code";

inline constexpr std::size_t kLongestId = 512;                 // bytes
inline constexpr std::size_t kLongestText = 4096;              // bytes
inline constexpr std::size_t kLongestMetadata = 1024 * 1024;   // bytes
inline constexpr std::size_t kLargestPart = 64 * 1024 * 1024;  // bytes
inline constexpr std::size_t kMostParts = 64;
inline constexpr std::size_t kMostWords = 65536;

/// Errors, with the field: invalid_argument for what breaks the rules above, too_large.
Result<void> check_record(const Record& record);

std::vector<std::byte> encode_words(std::vector<std::uint64_t> words);
/// Inverse of encode_words. Error malformed for anything that it does not write.
Result<std::vector<std::uint64_t>> decode_words(std::span<const std::byte> bytes);

/// Digest over the list of parts, ascending by name.
base::Sha256Digest digest_of_parts(const std::vector<PartSummary>& parts);
/// Digest over fields, word count and parts_sha256. Layout in the .cpp file; it never changes.
base::Sha256Digest digest_of_record(const RecordSummary& record);
/// Of a fact about the database itself.
base::Sha256Digest digest_of_fact(std::string_view name, std::string_view value);

}  // namespace prov::store
