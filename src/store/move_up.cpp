#include "store/move_up.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/try.hpp"
#include "store/code_blocks.hpp"
#include "store/record.hpp"
#include "store/record_rows.hpp"
#include "store/shared_pieces.hpp"
#include "store/word_index.hpp"

namespace prov::store {
namespace {

using Parts = std::map<std::string, std::vector<std::byte>, std::less<>>;

constexpr std::size_t kCodesAtATime = 1024;
constexpr std::size_t kPostingsAtATime = 16'000'000;  // 256 MB

/// The intact parts of a record that hold the code, or may repeat words and code.
class PartReader {
 public:
  static Result<PartReader> open(const Database& database) {
    PROV_TRY(Statement select, database.prepare("SELECT name, sha256, bytes FROM part WHERE model "
                                                "= ?1 AND (size <= 65536 OR name = 'words')"));
    return PartReader(std::move(select));
  }

  Result<Parts> read(std::int64_t key) {
    Parts parts;
    select_.bind(1, key);
    for (;;) {
      PROV_TRY(const bool row, select_.step());
      if (!row) return parts;
      const std::span<const std::byte> bytes = select_.bytes(2);
      if (is_digest_of(select_.bytes(1), bytes))
        parts.emplace(select_.text(0), std::vector<std::byte>(bytes.begin(), bytes.end()));
    }
  }

 private:
  explicit PartReader(Statement select) : select_(std::move(select)) {}
  Statement select_;
};

std::vector<std::byte> bytes_of(const Parts& parts, std::string_view name) {
  const auto found = parts.find(name);
  return found == parts.end() ? std::vector<std::byte>() : found->second;
}

Result<void> shorten(Statement& update, std::int64_t key, const Parts& parts) {
  const std::vector<std::byte> words = bytes_of(parts, kWordsPart),
                               code = bytes_of(parts, kCodePart);
  for (const auto& [name, bytes] : parts) {
    const StoredPart stored = take_out(name, bytes, words, code);
    if (stored.pieces.empty()) continue;
    PROV_CHECK(
        update.bind(1, key).bind(2, name).bind(3, stored.bytes).bind(4, stored.pieces).run());
  }
  return {};
}

Result<std::vector<std::int64_t>> keys_of_models(const Database& database) {
  std::vector<std::int64_t> keys;
  PROV_TRY(Statement select, database.prepare("SELECT key FROM model ORDER BY key"));
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return keys;
    keys.push_back(select.number(0));
  }
}

}  // namespace

Result<void> store_once(const Database& database) {
  PROV_TRY(const std::vector<std::int64_t> keys, keys_of_models(database));
  PROV_TRY(PartReader reader, PartReader::open(database));
  PROV_TRY(Statement update, database.prepare("UPDATE part SET bytes = ?3, pieces = ?4 WHERE model "
                                              "= ?1 AND name = ?2"));
  std::vector<KeyAndCode> codes;
  std::vector<Posting> postings;
  const auto append_postings = [&] {
    std::ranges::sort(postings);
    const Result<void> appended = append_segment(database, postings);
    postings.clear();
    return appended;
  };
  for (const std::int64_t key : keys) {
    PROV_TRY(Parts parts, reader.read(key));
    PROV_CHECK(shorten(update, key, parts));
    if (const auto code = parts.find(kCodePart); code != parts.end())
      codes.emplace_back(key, std::move(code->second));
    // Words that do not ascend are damage, which the record says when it is read.
    if (const auto words = decode_words(bytes_of(parts, kWordsPart)); words) {
      const std::vector<Posting> own = postings_of(*words, key);
      postings.insert(postings.end(), own.begin(), own.end());
    }
    if (postings.size() >= kPostingsAtATime) PROV_CHECK(append_postings());
    if (codes.size() < kCodesAtATime) continue;
    PROV_CHECK(append_codes(database, codes));
    codes.clear();
  }
  PROV_CHECK(append_codes(database, codes));
  return append_postings();
}

}  // namespace prov::store
