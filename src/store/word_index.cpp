#include "store/word_index.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <optional>
#include <utility>

#include "base/try.hpp"

namespace prov::store {
namespace {

Error damaged_index(const Database& database) {
  return {.code = ErrorCode::malformed,
          .message = "the word index is damaged",
          .file = database.name(),
          .field = "word",
          .hint = "the records are not: provenancekit db export makes a copy with a new index"};
}

Posting posting_at(const Statement& row) {
  return {std::bit_cast<std::uint64_t>(row.number(0)), row.number(1)};
}

/// The pair in the words of SQLite, whose numbers have a sign.
Statement& bind(Statement& statement, const Posting& posting) {
  return statement.bind(1, static_cast<std::int64_t>(posting.bucket)).bind(2, posting.model);
}

constexpr std::string_view kBlockOfPosting =
    "SELECT bucket, model, rest FROM word WHERE (bucket, model) <= (?1, ?2) "
    "ORDER BY bucket DESC, model DESC LIMIT 1";

/// Changes the pairs of one block after the other.
class BlockWriter {
 public:
  static Result<BlockWriter> open(const Database& database) {
    PROV_TRY(Statement floor, database.prepare(kBlockOfPosting));
    PROV_TRY(Statement next,
             database.prepare("SELECT bucket, model FROM word WHERE (bucket, model) > (?1, ?2) "
                              "ORDER BY bucket, model LIMIT 1"));
    PROV_TRY(Statement remove,
             database.prepare("DELETE FROM word WHERE bucket = ?1 AND model = ?2"));
    PROV_TRY(Statement add, database.prepare("INSERT INTO word VALUES (?1, ?2, ?3)"));
    return BlockWriter(database, std::move(floor), std::move(next), std::move(remove),
                       std::move(add));
  }

  /// Applies the first of `postings`, and those that belong to the same block; how many.
  Result<std::size_t> change(std::span<const Posting> postings, PostingChange change) {
    std::vector<Posting> old;
    PROV_TRY(const bool row, bind(floor_, postings[0]).step());
    const bool sound = !row || decode_postings(posting_at(floor_), floor_.bytes(2), old);
    floor_.reset();
    if (!sound) return damaged_index(*database_);
    PROV_TRY(const std::optional<Posting> end, block_after(row ? old[0] : postings[0]));
    const auto last = end ? std::ranges::lower_bound(postings, *end) : postings.end();
    const std::span<const Posting> taken(postings.begin(), last);
    std::vector<Posting> result;
    if (change == PostingChange::insert)
      std::ranges::set_union(old, taken, std::back_inserter(result));
    else
      std::ranges::set_difference(old, taken, std::back_inserter(result));
    if (result != old) {
      if (row) PROV_CHECK(bind(remove_, old[0]).run());
      PROV_CHECK(write(result, /*room=*/true));
    }
    return taken.size();
  }

  Result<void> replace(const Posting& first, std::span<const Posting> postings) {
    PROV_CHECK(bind(remove_, first).run());
    return write(postings, /*room=*/true);
  }

  Result<void> write(std::span<const Posting> postings, bool room) {
    for (const PostingBlock& block : encode_postings(postings, room))
      PROV_CHECK(bind(add_, block.first).bind(3, block.rest).run());
    return {};
  }

 private:
  BlockWriter(const Database& database, Statement floor, Statement next, Statement remove,
              Statement add)
      : database_(&database),
        floor_(std::move(floor)),
        next_(std::move(next)),
        remove_(std::move(remove)),
        add_(std::move(add)) {}

  Result<std::optional<Posting>> block_after(const Posting& posting) {
    PROV_TRY(const bool row, bind(next_, posting).step());
    if (!row) return std::optional<Posting>();
    const Posting first = posting_at(next_);
    next_.reset();
    return std::optional(first);
  }

  const Database* database_;
  Statement floor_, next_, remove_, add_;
};

/// Pairs held at a time while the index is made.
constexpr std::uint64_t kPairsAtATime = 256 * 1024 * 1024 / sizeof(Posting);

/// Pairs of all records whose bucket is in [first, end), ascending.
Result<std::vector<Posting>> postings_between(const Database& database, std::uint64_t first,
                                              std::uint64_t end, DamagedWords damaged_words) {
  std::vector<Posting> all;
  PROV_TRY(Statement select, database.prepare("SELECT model, sha256, bytes FROM part WHERE name = "
                                              "'words' ORDER BY model"));
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) break;
    const std::int64_t model = select.number(0);
    Result<std::vector<std::uint64_t>> words = decode_words(select.bytes(2));
    if (words && !std::ranges::equal(select.bytes(1), base::sha256(select.bytes(2))))
      words = Error{.code = ErrorCode::malformed, .message = "words are not what was stored"};
    if (!words) {
      if (damaged_words == DamagedWords::leave_out) continue;
      Error error = words.error();
      error.file = database.name();
      error.field = "words of record " + std::to_string(model);
      return error;
    }
    for (const std::uint64_t word : *words) {
      const std::uint64_t bucket = bucket_of(word);
      if (first <= bucket && bucket < end) all.push_back({bucket, model});
    }
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

std::vector<Posting> postings_of(std::span<const std::uint64_t> words, std::int64_t model) {
  std::vector<Posting> postings;
  postings.reserve(words.size());
  for (const std::uint64_t word : words) postings.push_back({bucket_of(word), model});
  std::ranges::sort(postings);
  postings.erase(std::unique(postings.begin(), postings.end()), postings.end());
  return postings;
}

Result<void> change_postings(const Database& database, std::span<const Posting> postings,
                             PostingChange change) {
  if (postings.empty()) return {};
  PROV_TRY(BlockWriter writer, BlockWriter::open(database));
  while (!postings.empty()) {
    PROV_TRY(const std::size_t done, writer.change(postings, change));
    postings = postings.subspan(done);
  }
  return {};
}

Result<PostingLookup> PostingLookup::open(const Database& database) {
  PROV_TRY(Statement floor, database.prepare(kBlockOfPosting));
  return PostingLookup(database, std::move(floor));
}

Result<bool> PostingLookup::contains(const Posting& posting) {
  PROV_TRY(const bool row, bind(floor_, posting).step());
  if (!row) return false;
  block_.clear();
  const bool sound = decode_postings(posting_at(floor_), floor_.bytes(2), block_);
  floor_.reset();
  if (!sound) return damaged_index(*database_);
  return std::ranges::binary_search(block_, posting);
}

Result<void> visit_postings(
    const Database& database,
    const std::function<Result<void>(const Result<std::span<const Posting>>& block)>& visit) {
  PROV_TRY(Statement select,
           database.prepare("SELECT bucket, model, rest FROM word ORDER BY bucket, model"));
  std::vector<Posting> block;
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return {};
    block.clear();
    const bool sound = decode_postings(posting_at(select), select.bytes(2), block);
    PROV_CHECK(visit(sound ? Result<std::span<const Posting>>(block) : damaged_index(database)));
  }
}

Result<void> remove_model(const Database& database, std::int64_t model) {
  std::vector<std::vector<Posting>> found;
  PROV_CHECK(visit_postings(database, [&](const auto& block) -> Result<void> {
    if (block && std::ranges::find(*block, model, &Posting::model) != block->end())
      found.emplace_back(block->begin(), block->end());
    return {};
  }));
  PROV_TRY(BlockWriter writer, BlockWriter::open(database));
  for (std::vector<Posting>& block : found) {
    const Posting first = block[0];
    std::erase_if(block, [&](const Posting& posting) { return posting.model == model; });
    PROV_CHECK(writer.replace(first, block));
  }
  return {};
}

Result<void> rebuild_word_index(const Database& database, DamagedWords damaged_words) {
  PROV_TRY(Transaction all, Transaction::begin(database, Transaction::Kind::write));
  PROV_CHECK(database.run("DELETE FROM word"));
  PROV_TRY(const std::int64_t count, database.number("SELECT sum(word_count) FROM model"));
  // Words are hashes, so equal ranges hold about equally many.
  const std::uint64_t passes = static_cast<std::uint64_t>(count) / (kPairsAtATime * 9 / 10) + 1;
  const std::uint64_t width = (std::uint64_t{1} << 40U) / passes;
  PROV_TRY(BlockWriter writer, BlockWriter::open(database));
  for (std::uint64_t pass = 0; pass < passes; ++pass) {
    const std::uint64_t end = pass + 1 == passes ? UINT64_MAX : (pass + 1) * width;
    PROV_TRY(const std::vector<Posting> postings,
             postings_between(database, pass * width, end, damaged_words));
    PROV_CHECK(writer.write(postings, /*room=*/false));
  }
  return all.commit();
}

Result<WordLists> WordLists::open(const Store& store) {
  const Database& database = store.database();
  PROV_TRY(Statement before,
           database.prepare("SELECT bucket, model, rest FROM word WHERE bucket < ?1 "
                            "ORDER BY bucket DESC, model DESC LIMIT 1"));
  PROV_TRY(Statement same, database.prepare("SELECT bucket, model, rest FROM word WHERE bucket = "
                                            "?1 ORDER BY model"));
  return WordLists(database, std::move(before), std::move(same));
}

Result<void> WordLists::take(Statement& row, std::uint64_t bucket,
                             std::vector<std::int64_t>& models) {
  block_.clear();
  if (!decode_postings(posting_at(row), row.bytes(2), block_)) return damaged_index(*database_);
  for (const Posting& posting : block_) {
    if (posting.bucket == bucket) models.push_back(posting.model);
  }
  return {};
}

Result<bool> WordLists::read(std::uint64_t word, std::uint64_t longest,
                             std::vector<std::int64_t>& models) {
  const std::uint64_t bucket = bucket_of(word);
  models.clear();
  // The block that begins before the bucket may reach into it.
  PROV_TRY(const bool before, before_.bind(1, static_cast<std::int64_t>(bucket)).step());
  const Result<void> taken = before ? take(before_, bucket, models) : Result<void>();
  before_.reset();
  PROV_CHECK(taken);
  same_.bind(1, static_cast<std::int64_t>(bucket));
  while (models.size() <= longest) {
    PROV_TRY(const bool row, same_.step());
    if (!row) return models.size() <= longest;
    if (const Result<void> more = take(same_, bucket, models); !more) {
      same_.reset();
      return more.error();
    }
  }
  same_.reset();
  models.resize(longest + 1);
  return false;
}

}  // namespace prov::store
