// Changes to the records, many in one transaction.
#pragma once

#include "store/code_blocks.hpp"
#include "store/posting_block.hpp"
#include "store/store.hpp"

namespace prov::store {

/// What to do where a record of that id is there already.
enum class Existing {
  refuse,   // error duplicate
  keep,     // the old one stays
  replace,  // the new one takes its place
};

enum class Outcome {
  added,
  unchanged,  // the same record was there
  kept,       // another one was there, and stays
  replaced,   // also: the same record was there, but damaged
};

/// The only writer while it lives. What was not committed never happened; words of added records
/// are in the index only then. Some hundred records a batch are a good size: each commit is flushed
/// to the disk.
class Batch {
 public:
  /// `store` must outlive it. Error io where another writer did not end within 30 s.
  static Result<Batch> begin(const Store& store);

  /// Errors: duplicate; those of check_record; io, after which the batch cannot be committed.
  Result<Outcome> add(const Record& record, Existing existing = Existing::refuse);
  /// False where there is none. A damaged record can be removed, too.
  Result<bool> remove(std::string_view id);
  Result<void> commit();

 private:
  Batch(const Store& store, Transaction transaction)
      : store_(&store), transaction_(std::move(transaction)) {}
  Result<void> insert(const Record& record);
  Result<void> remove_words(std::int64_t key);
  Result<void> insert_pending_words();
  Result<void> insert_pending_codes();
  Result<Outcome> add_checked(const Record& record, Existing existing);
  Result<void> remove_key(std::int64_t key);

  const Store* store_;
  Transaction transaction_;
  bool changed_ = false, broken_ = false;
  std::vector<Posting> pending_words_;  // of records that were added, in their order
  std::vector<KeyAndCode> pending_codes_;
};

/// What the sha256 of the record's summary will be.
base::Sha256Digest digest_of(const Record& record);

/// One record in a transaction of its own.
Result<Outcome> add(const Store& store, const Record& record, Existing existing = Existing::refuse);
Result<bool> remove(const Store& store, std::string_view id);

}  // namespace prov::store
