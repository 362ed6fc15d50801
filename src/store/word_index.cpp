#include "store/word_index.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "base/try.hpp"

namespace prov::store {
namespace {

/// Of a row whose columns begin with bucket, model and rest.
Posting first_of(const Statement& row) {
  return {std::bit_cast<std::uint64_t>(row.number(0)), row.number(1)};
}

Result<std::span<const Posting>> decode(const Database& database, const Statement& row,
                                        std::vector<Posting>& block) {
  block.clear();
  if (!decode_postings(first_of(row), row.bytes(2), block)) return damaged_index(database);
  return std::span<const Posting>(block);
}

/// The pair in the words of SQLite, whose numbers have a sign.
Statement& bind(Statement& statement, std::int64_t segment, const Posting& posting) {
  return statement.bind(1, segment)
      .bind(2, static_cast<std::int64_t>(posting.bucket))
      .bind(3, posting.model);
}

/// The block of a segment that would hold the pair.
constexpr std::string_view kBlockOfPosting =
    "SELECT bucket, model, rest FROM word WHERE segment = ?1 AND (bucket, model) <= (?2, ?3) "
    "ORDER BY bucket DESC, model DESC LIMIT 1";

/// The id of the segment of a record; 0, which none has, where there is none.
std::int64_t segment_of(std::span<const WordSegment> segments, std::int64_t model) {
  for (const WordSegment& segment : segments) {
    if (segment.first <= model && model <= segment.last) return segment.id;
  }
  return 0;
}

/// Puts other pairs in the place of a block.
class BlockWriter {
 public:
  static Result<BlockWriter> open(const Database& database) {
    PROV_TRY(Statement remove, database.prepare("DELETE FROM word WHERE segment = ?1 AND bucket = "
                                                "?2 AND model = ?3"));
    PROV_TRY(Statement add, database.prepare("INSERT INTO word VALUES (?1, ?2, ?3, ?4)"));
    return BlockWriter(std::move(remove), std::move(add));
  }

  Result<void> replace(std::int64_t segment, const Posting& first,
                       std::span<const Posting> postings) {
    PROV_CHECK(bind(remove_, segment, first).run());
    for (const PostingBlock& block : encode_postings(postings))
      PROV_CHECK(bind(add_, segment, block.first).bind(4, block.rest).run());
    return {};
  }

 private:
  BlockWriter(Statement remove, Statement add) : remove_(std::move(remove)), add_(std::move(add)) {}
  Statement remove_, add_;
};

}  // namespace

std::vector<Posting> postings_of(std::span<const std::uint64_t> words, std::int64_t model) {
  std::vector<Posting> postings;
  postings.reserve(words.size());
  for (const std::uint64_t word : words) postings.push_back({bucket_of(word), model});
  std::ranges::sort(postings);
  postings.erase(std::unique(postings.begin(), postings.end()), postings.end());
  return postings;
}

Result<void> remove_postings(const Database& database, std::int64_t model,
                             std::span<const Posting> postings) {
  PROV_TRY(const std::vector<WordSegment> segments, word_segments(database));
  const std::int64_t segment = segment_of(segments, model);
  PROV_TRY(Statement floor, database.prepare(kBlockOfPosting));
  PROV_TRY(BlockWriter writer, BlockWriter::open(database));
  std::vector<Posting> block, left;
  while (!postings.empty()) {
    PROV_TRY(const bool row, bind(floor, segment, postings.front()).step());
    const auto read = row ? decode(database, floor, block) : std::span<const Posting>();
    floor.reset();
    PROV_CHECK(read);
    if (!row || block.back() < postings.front()) {  // between two blocks
      postings = postings.subspan(1);
      continue;
    }
    const std::span<const Posting> removed(postings.begin(),
                                           std::ranges::upper_bound(postings, block.back()));
    left.clear();
    std::ranges::set_difference(block, removed, std::back_inserter(left));
    if (left.size() < block.size()) PROV_CHECK(writer.replace(segment, block[0], left));
    postings = postings.subspan(removed.size());
  }
  return {};
}

Result<PostingLookup> PostingLookup::open(const Database& database) {
  PROV_TRY(std::vector<WordSegment> segments, word_segments(database));
  PROV_TRY(Statement floor, database.prepare(kBlockOfPosting));
  return PostingLookup(database, std::move(segments), std::move(floor));
}

Result<bool> PostingLookup::contains(const Posting& posting) {
  PROV_TRY(const bool row, bind(floor_, segment_of(segments_, posting.model), posting).step());
  if (!row) return false;
  const Result<std::span<const Posting>> block = decode(*database_, floor_, block_);
  floor_.reset();
  if (!block) return block.error();
  return std::ranges::binary_search(*block, posting);
}

Result<void> visit_postings(
    const Database& database,
    const std::function<Result<void>(const Result<std::span<const Posting>>& block)>& visit) {
  PROV_TRY(Statement select, database.prepare("SELECT bucket, model, rest FROM word ORDER BY "
                                              "segment, bucket, model"));
  std::vector<Posting> block;
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return {};
    PROV_CHECK(visit(decode(database, select, block)));
  }
}

Result<void> remove_model(const Database& database, std::int64_t model) {
  std::vector<std::pair<std::int64_t, std::vector<Posting>>> found;
  PROV_TRY(Statement select, database.prepare("SELECT bucket, model, rest, segment FROM word"));
  std::vector<Posting> block;
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) break;
    if (decode(database, select, block) &&
        std::ranges::find(block, model, &Posting::model) != block.end())
      found.emplace_back(select.number(3), block);
  }
  PROV_TRY(BlockWriter writer, BlockWriter::open(database));
  for (auto& [segment, postings] : found) {
    const Posting first = postings[0];
    std::erase_if(postings, [&](const Posting& posting) { return posting.model == model; });
    PROV_CHECK(writer.replace(segment, first, postings));
  }
  return {};
}

Result<WordLists> WordLists::open(const Store& store) {
  const Database& database = store.database();
  PROV_TRY(std::vector<WordSegment> segments, word_segments(database));
  PROV_TRY(Statement blocks, database.prepare("SELECT bucket, model, rest FROM word WHERE segment "
                                              "= ?1 AND bucket <= ?2 ORDER BY bucket DESC, model "
                                              "DESC"));
  return WordLists(database, std::move(segments), std::move(blocks));
}

/// Blocks from the last one back to the first that begins before the bucket: it may reach into it.
Result<void> WordLists::read_segment(std::uint64_t bucket, std::uint64_t longest,
                                     std::vector<std::int64_t>& models) {
  const std::size_t before = models.size();
  for (bool reaches_back = true; reaches_back && models.size() <= longest;) {
    PROV_TRY(const bool row, blocks_.step());
    if (!row) break;
    of_block_.clear();
    const Posting first = first_of(blocks_);
    if (!read_models(first, blocks_.bytes(2), bucket, of_block_)) return damaged_index(*database_);
    models.insert(models.end(), of_block_.rbegin(), of_block_.rend());
    reaches_back = first.bucket == bucket;
  }
  std::reverse(models.begin() + static_cast<std::ptrdiff_t>(before), models.end());
  return {};
}

Result<bool> WordLists::read(std::uint64_t word, std::uint64_t longest,
                             std::vector<std::int64_t>& models) {
  const std::uint64_t bucket = bucket_of(word);
  models.clear();
  blocks_.bind(2, static_cast<std::int64_t>(bucket));
  for (const WordSegment& segment : segments_) {
    blocks_.bind(1, segment.id);
    const Result<void> read = read_segment(bucket, longest, models);
    blocks_.reset();
    PROV_CHECK(read);
    if (models.size() <= longest) continue;
    models.resize(longest + 1);
    return false;
  }
  return true;
}

}  // namespace prov::store
