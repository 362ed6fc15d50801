#include "store/code_blocks.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace prov::store {
namespace {

constexpr std::size_t kLargestBlock = 64 * 1024;  // bytes, unless one code is larger
constexpr std::size_t kHead = 4, kKey = 8;        // bytes

std::uint64_t number_at(std::span<const std::byte> bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i)
    number |= std::to_integer<std::uint64_t>(bytes[at + i]) << (8 * i);
  return number;
}

void append_number(std::vector<std::byte>& to, std::uint64_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    to.push_back(static_cast<std::byte>(number >> (8 * i) & 0xffU));
}

/// A block as it is stored.
class Block {
 public:
  static Result<Block> parse(const Database& database, std::span<const std::byte> bytes) {
    Block block;
    block.bytes_ = bytes;
    block.code_size_ = bytes.size() < kHead ? 0 : number_at(bytes, 0, kHead);
    const std::size_t row = kKey + block.code_size_;
    bool sound = bytes.size() > kHead && (bytes.size() - kHead) % row == 0;
    block.count_ = sound ? (bytes.size() - kHead) / row : 0;
    for (std::size_t i = 1; sound && i < block.count_; ++i) sound = block.key(i - 1) < block.key(i);
    if (sound) return block;
    return Error{.code = ErrorCode::malformed,
                 .message = "the list of codes is damaged",
                 .file = database.name(),
                 .hint = "provenancekit db verify names the records; db export makes a sound copy"};
  }

  std::size_t count() const { return count_; }
  std::size_t code_size() const { return code_size_; }
  std::int64_t key(std::size_t i) const {
    return static_cast<std::int64_t>(number_at(bytes_, kHead + kKey * i, kKey));
  }
  std::span<const std::byte> code(std::size_t i) const {
    return bytes_.subspan(kHead + kKey * count_ + code_size_ * i, code_size_);
  }
  void copy_to(std::vector<KeyAndCode>& codes) const {
    for (std::size_t i = 0; i < count_; ++i)
      codes.emplace_back(key(i), std::vector<std::byte>(code(i).begin(), code(i).end()));
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t code_size_ = 0, count_ = 0;
};

Result<void> write_block(const Database& database, std::span<const KeyAndCode> codes) {
  std::vector<std::byte> bytes;
  append_number(bytes, codes[0].second.size(), kHead);
  for (const KeyAndCode& code : codes)
    append_number(bytes, static_cast<std::uint64_t>(code.first), kKey);
  for (const KeyAndCode& code : codes)
    bytes.insert(bytes.end(), code.second.begin(), code.second.end());
  PROV_TRY(Statement insert, database.prepare("INSERT OR REPLACE INTO code VALUES (?1, ?2)"));
  return insert.bind(1, codes[0].first).bind(2, bytes).run();
}

Result<void> remove_block(const Database& database, std::int64_t first) {
  PROV_TRY(Statement remove, database.prepare("DELETE FROM code WHERE first = ?1"));
  return remove.bind(1, first).run();
}

/// As many codes of one length as a block takes.
std::size_t size_of_block(std::span<const KeyAndCode> codes) {
  const std::size_t size = codes[0].second.size();
  const std::size_t most = std::max<std::size_t>(1, kLargestBlock / (kKey + size));
  std::size_t count = 0;
  while (count < codes.size() && count < most && codes[count].second.size() == size) ++count;
  return count;
}

/// The last block, where the first of `codes` still fits into it.
Result<std::vector<KeyAndCode>> open_block(const Database& database,
                                           std::span<const KeyAndCode> codes) {
  std::vector<KeyAndCode> taken;
  PROV_TRY(Statement select,
           database.prepare("SELECT codes FROM code ORDER BY first DESC LIMIT 1"));
  PROV_TRY(const bool row, select.step());
  if (!row) return taken;
  const Result<Block> block = Block::parse(database, select.bytes(0));
  const std::size_t size = codes[0].second.size();
  if (block && block->code_size() == size && (block->count() + 1) * (kKey + size) <= kLargestBlock)
    block->copy_to(taken);
  return taken;
}

constexpr std::string_view kBlockOfKey =
    "SELECT first, codes FROM code WHERE first <= ?1 ORDER BY first DESC LIMIT 1";

}  // namespace

Result<void> append_codes(const Database& database, std::span<const KeyAndCode> codes) {
  if (codes.empty()) return {};
  PROV_TRY(std::vector<KeyAndCode> all, open_block(database, codes));
  all.insert(all.end(), codes.begin(), codes.end());
  for (std::span<const KeyAndCode> rest = all; !rest.empty();) {
    const std::size_t count = size_of_block(rest);
    PROV_CHECK(write_block(database, rest.first(count)));
    rest = rest.subspan(count);
  }
  return {};
}

Result<std::vector<std::byte>> read_code(const Database& database, std::int64_t key) {
  std::vector<std::byte> code;
  PROV_TRY(Statement select, database.prepare(kBlockOfKey));
  PROV_TRY(const bool row, select.bind(1, key).step());
  if (!row) return code;
  PROV_TRY(const Block block, Block::parse(database, select.bytes(1)));
  for (std::size_t i = 0; i < block.count(); ++i) {
    if (block.key(i) == key) code.assign(block.code(i).begin(), block.code(i).end());
  }
  return code;
}

Result<void> remove_code(const Database& database, std::int64_t key) {
  PROV_TRY(Statement select, database.prepare(kBlockOfKey));
  PROV_TRY(const bool row, select.bind(1, key).step());
  if (!row) return {};
  const std::int64_t first = select.number(0);
  std::vector<KeyAndCode> codes;
  const Result<Block> block = Block::parse(database, select.bytes(1));
  if (block) block->copy_to(codes);
  select.reset();
  const std::size_t before = codes.size();
  std::erase_if(codes, [&](const KeyAndCode& code) { return code.first == key; });
  if (block && codes.size() == before) return {};
  PROV_CHECK(remove_block(database, first));
  return codes.empty() ? Result<void>() : write_block(database, codes);
}

Result<void> visit_codes(const Database& database, std::int64_t first, std::int64_t last,
                         const CodeVisitor& visit) {
  PROV_TRY(Statement select,
           database.prepare("SELECT codes FROM code WHERE first >= coalesce((SELECT max(first) "
                            "FROM code WHERE first <= ?1), ?1) AND first <= ?2 ORDER BY first"));
  select.bind(1, first).bind(2, last);
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return {};
    PROV_TRY(const Block block, Block::parse(database, select.bytes(0)));
    for (std::size_t i = 0; i < block.count(); ++i) {
      if (block.key(i) >= first && block.key(i) <= last) visit(block.key(i), block.code(i));
    }
  }
}

}  // namespace prov::store
