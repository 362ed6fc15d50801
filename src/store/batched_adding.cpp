#include "store/batched_adding.hpp"

#include "base/try.hpp"

namespace prov::store {
namespace {

constexpr std::uint64_t kBatchRecords = 500;
constexpr std::uint64_t kBatchBytes = 32 * 1024 * 1024;

}  // namespace

std::uint64_t size_of(const Record& record) {
  std::uint64_t bytes = record.metadata_json.size() + 8 * record.words.size();
  for (const auto& [name, part] : record.parts) bytes += part.size();
  return bytes;
}

Result<void> BatchedAdding::add(const Record& record) {
  if (!batch_) {
    PROV_TRY(Batch batch, Batch::begin(*target_));
    batch_.emplace(std::move(batch));
  }
  PROV_TRY(const Outcome outcome, batch_->add(record, options_->existing));
  note(outcome, record.id);
  bytes_ += size_of(record);
  if (++records_ < kBatchRecords && bytes_ < kBatchBytes) return {};
  return commit();
}

void BatchedAdding::note(Outcome outcome, const std::string& id) {
  switch (outcome) {
    case Outcome::added:
      ++transfer_.added;
      break;
    case Outcome::unchanged:
      ++transfer_.unchanged;
      break;
    case Outcome::replaced:
      ++transfer_.replaced;
      break;
    case Outcome::kept:
      ++transfer_.kept_count;
      if (transfer_.kept.size() < kMostNamed) transfer_.kept.push_back(id);
      break;
  }
}

void BatchedAdding::leave_out(Damage damage) {
  ++transfer_.damage_count;
  if (transfer_.damage.size() < kMostNamed) transfer_.damage.push_back(std::move(damage));
}

Result<void> BatchedAdding::check_stop() const {
  if (!options_->stop.stop_requested()) return {};
  return Error{.code = ErrorCode::cancelled, .message = "stopped"};
}

Result<void> BatchedAdding::commit() {
  records_ = bytes_ = 0;
  if (!batch_) return {};
  PROV_CHECK(batch_->commit());
  batch_.reset();
  return {};
}

Result<Transfer> BatchedAdding::finish() {
  PROV_CHECK(commit());
  return std::move(transfer_);
}

}  // namespace prov::store
