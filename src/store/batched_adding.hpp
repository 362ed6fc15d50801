// Many records into a database, some hundred a transaction, and what became of each.
#pragma once

#include <optional>

#include "store/transfer.hpp"

namespace prov::store {

class BatchedAdding {
 public:
  /// Both must outlive it.
  BatchedAdding(const Store& target, const TransferOptions& options)
      : target_(&target), options_(&options) {}

  /// Error: those of Batch. What was committed before stays.
  Result<void> add(const Record& record);
  void leave_out(Damage damage);
  /// Counts a record that need not be added.
  void note(Outcome outcome, const std::string& id);
  /// What was added so far is on the disk then.
  Result<void> commit();
  /// Error cancelled where the caller asked to stop.
  Result<void> check_stop() const;
  /// Commits the rest.
  Result<Transfer> finish();

 private:
  const Store* target_;
  const TransferOptions* options_;
  Transfer transfer_;
  std::optional<Batch> batch_;
  std::uint64_t records_ = 0, bytes_ = 0;  // of the batch
};

/// Bytes of parts, words and metadata.
std::uint64_t size_of(const Record& record);

}  // namespace prov::store
