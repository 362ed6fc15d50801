#include "store/word_segments.hpp"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "base/try.hpp"

namespace prov::store {
namespace {

/// A segment is merged with all newer ones when these are together 1 / (kFanOut - 1) of its size:
/// at most kFanOut - 1 segments of about equal size lie side by side.
constexpr std::uint64_t kFanOut = 4;
/// Records that make no segment worth a look-up of its own: written again as fast as appended.
constexpr std::uint64_t kFewRecords = 128;
/// Pairs that are gathered before they are written.
constexpr std::size_t kGathered = 64 * 1024;

// Unsigned, for the ranges in an altered file may be anything.
std::uint64_t size_of(const WordSegment& segment) {
  return static_cast<std::uint64_t>(segment.last) - static_cast<std::uint64_t>(segment.first) + 1;
}

/// Those of `segments` that are to be merged with a new one of `added` records: the last ones.
std::span<const WordSegment> to_be_merged(std::span<const WordSegment> segments,
                                          std::uint64_t added) {
  std::size_t first = segments.size();
  std::uint64_t newer = added;
  for (std::size_t i = segments.size(); i-- > 0;) {
    const std::uint64_t size = size_of(segments[i]);
    if ((kFanOut - 1) * size <= newer + (kFanOut - 1) * kFewRecords) first = i;
    newer += size;
  }
  return segments.subspan(first);
}

/// Ascending pairs, a block at a time.
class Source {
 public:
  static Result<Source> open(const Database& database, std::int64_t segment) {
    PROV_TRY(Statement rows, database.prepare("SELECT bucket, model, rest FROM word WHERE segment "
                                              "= ?1 ORDER BY bucket, model"));
    rows.bind(1, segment);
    return Source(database, std::move(rows));
  }

  /// False at the end. Otherwise left() is not empty.
  Result<bool> fill() {
    if (at_ < block_.size()) return true;
    block_.clear();
    at_ = 0;
    PROV_TRY(const bool row, rows_.step());
    if (!row) return false;
    const Posting first{std::bit_cast<std::uint64_t>(rows_.number(0)), rows_.number(1)};
    if (!decode_postings(first, rows_.bytes(2), block_)) return damaged_index(*database_);
    return true;
  }

  std::span<const Posting> left() const { return std::span(block_).subspan(at_); }

  /// Moves all up to `last` into the ascending `postings`.
  void take(const Posting& last, std::vector<Posting>& postings) {
    const std::span<const Posting> taken(left().begin(), std::ranges::upper_bound(left(), last));
    at_ += taken.size();
    const auto middle = static_cast<std::ptrdiff_t>(postings.size());
    postings.insert(postings.end(), taken.begin(), taken.end());
    std::ranges::inplace_merge(postings, postings.begin() + middle);
  }

 private:
  Source(const Database& database, Statement rows) : database_(&database), rows_(std::move(rows)) {}

  const Database* database_;
  Statement rows_;
  std::vector<Posting> block_;
  std::size_t at_ = 0;
};

class SegmentWriter {
 public:
  static Result<SegmentWriter> open(const Database& database, const WordSegment& segment) {
    PROV_TRY(Statement add_segment, database.prepare("INSERT INTO segment VALUES (?1, ?2, ?3)"));
    PROV_CHECK(add_segment.bind(1, segment.id).bind(2, segment.first).bind(3, segment.last).run());
    PROV_TRY(Statement add, database.prepare("INSERT INTO word VALUES (?1, ?2, ?3, ?4)"));
    add.bind(1, segment.id);
    return SegmentWriter(std::move(add));
  }

  /// Ascending from one call to the next.
  Result<void> add(std::span<const Posting> postings) {
    gathered_.insert(gathered_.end(), postings.begin(), postings.end());
    return gathered_.size() < kGathered ? Result<void>() : finish();
  }

  Result<void> finish() {
    for (const PostingBlock& block : encode_postings(gathered_)) {
      PROV_CHECK(add_.bind(2, static_cast<std::int64_t>(block.first.bucket))
                     .bind(3, block.first.model)
                     .bind(4, block.rest)
                     .run());
    }
    gathered_.clear();
    return {};
  }

 private:
  explicit SegmentWriter(Statement add) : add_(std::move(add)) {}

  Statement add_;
  std::vector<Posting> gathered_;
};

/// Round by round, what no later block can precede.
Result<void> merge(std::vector<Source> sources, std::span<const Posting> added,
                   SegmentWriter& writer) {
  std::vector<Posting> round;
  while (!sources.empty()) {
    for (std::size_t i = 0; i < sources.size();) {
      PROV_TRY(const bool more, sources[i].fill());
      if (more)
        ++i;
      else
        sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (sources.empty()) break;
    Posting last = sources[0].left().back();
    for (const Source& source : sources) last = std::min(last, source.left().back());
    const std::span<const Posting> before(added.begin(), std::ranges::upper_bound(added, last));
    round.assign(before.begin(), before.end());
    added = added.subspan(before.size());
    for (Source& source : sources) source.take(last, round);
    // Only an altered index repeats pairs.
    round.erase(std::unique(round.begin(), round.end()), round.end());
    PROV_CHECK(writer.add(round));
  }
  PROV_CHECK(writer.add(added));
  return writer.finish();
}

}  // namespace

Error damaged_index(const Database& database) {
  return {.code = ErrorCode::malformed,
          .message = "the word index is damaged",
          .file = database.name(),
          .field = "word",
          .hint = "the records are not: provenancekit db export makes a copy with a new index"};
}

Result<std::vector<WordSegment>> word_segments(const Database& database) {
  std::vector<WordSegment> segments;
  PROV_TRY(Statement select,
           database.prepare("SELECT id, first, last FROM segment ORDER BY first"));
  for (;;) {
    PROV_TRY(const bool row, select.step());
    if (!row) return segments;
    segments.push_back({select.number(0), select.number(1), select.number(2)});
  }
}

Result<void> append_segment(const Database& database, std::span<const Posting> postings) {
  if (postings.empty()) return {};
  const auto [first, last] = std::ranges::minmax(postings, {}, &Posting::model);
  PROV_TRY(const std::vector<WordSegment> segments, word_segments(database));
  WordSegment added{.first = first.model, .last = last.model};
  const std::span<const WordSegment> merged = to_be_merged(segments, size_of(added));
  if (!merged.empty()) added.first = std::min(added.first, merged.front().first);
  PROV_TRY(added.id, database.number("SELECT coalesce(max(id), 0) + 1 FROM segment"));

  PROV_TRY(SegmentWriter writer, SegmentWriter::open(database, added));
  std::vector<Source> sources;
  for (const WordSegment& segment : merged) {
    PROV_TRY(Source source, Source::open(database, segment.id));
    sources.push_back(std::move(source));
  }
  PROV_CHECK(merge(std::move(sources), postings, writer));
  PROV_TRY(Statement remove, database.prepare("DELETE FROM segment WHERE id = ?1"));
  for (const WordSegment& segment : merged) PROV_CHECK(remove.bind(1, segment.id).run());
  return {};
}

}  // namespace prov::store
