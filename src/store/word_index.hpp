// The inverted index: each word leads to the records that have it. word_segments.hpp adds to it.
#pragma once

#include <functional>
#include <vector>

#include "store/posting_block.hpp"
#include "store/store.hpp"
#include "store/word_segments.hpp"

namespace prov::store {

/// Not thread-safe.
class WordLists {
 public:
  /// `store` must outlive it; several reads of one state need a Transaction.
  static Result<WordLists> open(const Store& store);

  /// Puts the keys of the records that have `word`, or another word of its bucket, into `models`,
  /// ascending. False where there are more than `longest`: then some longest + 1 of them. Errors:
  /// malformed for a damaged index, and those of the database.
  Result<bool> read(std::uint64_t word, std::uint64_t longest, std::vector<std::int64_t>& models);

 private:
  WordLists(const Database& database, std::vector<WordSegment> segments, Statement blocks)
      : database_(&database), segments_(std::move(segments)), blocks_(std::move(blocks)) {}
  Result<void> read_segment(std::uint64_t bucket, std::uint64_t longest,
                            std::vector<std::int64_t>& models);

  const Database* database_;
  std::vector<WordSegment> segments_;
  Statement blocks_;
  std::vector<std::int64_t> of_block_;
};

/// Whether single pairs are in the index. Not thread-safe.
class PostingLookup {
 public:
  static Result<PostingLookup> open(const Database& database);
  /// Error malformed for a damaged block.
  Result<bool> contains(const Posting& posting);

 private:
  PostingLookup(const Database& database, std::vector<WordSegment> segments, Statement floor)
      : database_(&database), segments_(std::move(segments)), floor_(std::move(floor)) {}
  const Database* database_;
  std::vector<WordSegment> segments_;
  Statement floor_;
  std::vector<Posting> block_;
};

/// The pairs of a record's words: ascending, without repeats.
std::vector<Posting> postings_of(std::span<const std::uint64_t> words, std::int64_t model);

/// Removes pairs of the record `model`, which ascend without repeats; those that are not there
/// change nothing. Each block is written once.
Result<void> remove_postings(const Database& database, std::int64_t model,
                             std::span<const Posting> postings);

/// Removes all pairs of a record, wherever they are: reads the whole index. Damaged blocks stay.
Result<void> remove_model(const Database& database, std::int64_t model);

/// All blocks, those of each segment ascending; one that cannot be read is given as its error.
Result<void> visit_postings(
    const Database& database,
    const std::function<Result<void>(const Result<std::span<const Posting>>& block)>& visit);

}  // namespace prov::store
