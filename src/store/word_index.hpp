#pragma once

#include "store/store.hpp"

namespace prov::store {

/// The inverted index: each word leads to the models that have it. Not thread-safe.
class WordLists {
 public:
  /// `store` must outlive it; several reads of one state need a Transaction.
  static Result<WordLists> open(const Store& store);

  /// Puts the keys of the records that have `word` into `models`, ascending, at most `longest` + 1.
  /// False where there are more than `longest`. Errors: those of the database.
  Result<bool> read(std::uint64_t word, std::uint64_t longest, std::vector<std::int64_t>& models);

 private:
  explicit WordLists(Statement select) : select_(std::move(select)) {}
  Statement select_;
};

/// Makes the index of words anew from the words of all records, in the order of the index, so that
/// each page is written once. All or nothing. Reads the words several times, so that 256 MiB of
/// memory suffice for any number of them. Errors: malformed, naming the record whose words are
/// damaged; io.
Result<void> rebuild_word_index(const Store& store);

}  // namespace prov::store
