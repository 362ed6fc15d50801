// The inverted index: each word leads to the records that have it.
#pragma once

#include <functional>
#include <vector>

#include "store/posting_block.hpp"
#include "store/store.hpp"

namespace prov::store {

/// Not thread-safe.
class WordLists {
 public:
  /// `store` must outlive it; several reads of one state need a Transaction.
  static Result<WordLists> open(const Store& store);

  /// Puts the keys of the records that have `word`, or another word of its bucket, into `models`,
  /// ascending, at most `longest` + 1. False where there are more than `longest`. Errors: malformed
  /// for a damaged index, and those of the database.
  Result<bool> read(std::uint64_t word, std::uint64_t longest, std::vector<std::int64_t>& models);

 private:
  WordLists(const Database& database, Statement before, Statement same)
      : database_(&database), before_(std::move(before)), same_(std::move(same)) {}
  Result<void> take(Statement& row, std::uint64_t bucket, std::vector<std::int64_t>& models);

  const Database* database_;
  Statement before_, same_;
  std::vector<Posting> block_;
};

/// Whether single pairs are in the index. Not thread-safe.
class PostingLookup {
 public:
  static Result<PostingLookup> open(const Database& database);
  /// Error malformed for a damaged block.
  Result<bool> contains(const Posting& posting);

 private:
  PostingLookup(const Database& database, Statement floor)
      : database_(&database), floor_(std::move(floor)) {}
  const Database* database_;
  Statement floor_;
  std::vector<Posting> block_;
};

/// The pairs of a record's words: ascending, without repeats.
std::vector<Posting> postings_of(std::span<const std::uint64_t> words, std::int64_t model);

/// What happens to pairs of the index.
enum class PostingChange { insert, remove };
/// `postings` ascend without repeats. To insert what is there, or to remove what is not, changes
/// nothing. Each block is written once.
Result<void> change_postings(const Database& database, std::span<const Posting> postings,
                             PostingChange change);

/// Removes all pairs of a record, wherever they are: reads the whole index. Damaged blocks stay.
Result<void> remove_model(const Database& database, std::int64_t model);

/// All blocks, ascending; one that cannot be read is given as its error.
Result<void> visit_postings(
    const Database& database,
    const std::function<Result<void>(const Result<std::span<const Posting>>& block)>& visit);

/// What becomes of a record whose words are damaged.
enum class DamagedWords { refuse, leave_out };
/// Makes the index of words anew from the words of all records, in the order of the index, so that
/// each page is written once. All or nothing. Reads the words several times, so that 256 MiB of
/// memory suffice for any number of them. Errors: malformed, naming the record whose words are
/// damaged; io.
Result<void> rebuild_word_index(const Database& database, DamagedWords damaged_words);

}  // namespace prov::store
