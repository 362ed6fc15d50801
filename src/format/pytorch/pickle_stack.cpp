#include "format/pytorch/pickle_stack.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace prov::format {
namespace {

Error malformed(std::string message) {
  return {.code = ErrorCode::malformed, .message = std::move(message)};
}

Error too_short() { return malformed("an opcode needs a value that is not there"); }

}  // namespace

Result<PickleId> PickleStack::top() const {
  if (values_.size() <= floor()) return too_short();
  return values_.back();
}

Result<PickleId> PickleStack::pop() {
  PROV_TRY(const PickleId id, top());
  values_.pop_back();
  return id;
}

Result<std::vector<PickleId>> PickleStack::pop_many(std::size_t count) {
  if (values_.size() - floor() < count) return too_short();
  const auto begin = values_.end() - static_cast<std::ptrdiff_t>(count);
  std::vector<PickleId> taken(begin, values_.end());
  values_.erase(begin, values_.end());
  return taken;
}

Result<std::vector<PickleId>> PickleStack::pop_marked() {
  if (marks_.empty()) return malformed("an opcode needs a mark that is not there");
  PROV_TRY(std::vector<PickleId> taken, pop_many(values_.size() - floor()));
  marks_.pop_back();
  return taken;
}

Result<void> PickleStack::drop() {
  if (!marks_.empty() && values_.size() == floor()) {
    marks_.pop_back();
    return {};
  }
  PROV_CHECK(pop());
  return {};
}

Result<PickleId> PickleStack::last() const {
  if (values_.size() == 1 && marks_.empty()) return values_.back();
  return malformed(fmt::format("the pickle ends with {} values, not one", values_.size()));
}

Result<void> PickleStack::put(std::uint64_t at, std::uint64_t most) {
  if (at > most)
    return malformed(fmt::format("memo {} in a pickle that has not so many values", at));
  PROV_TRY(const PickleId id, top());
  if (at >= memo_.size()) memo_.resize(static_cast<std::size_t>(at) + 1, kUnset);
  PickleId& place = memo_[static_cast<std::size_t>(at)];
  memoized_ += place == kUnset ? 1 : 0;
  place = id;
  return {};
}

Result<void> PickleStack::get(std::uint64_t at) {
  if (at >= memo_.size() || memo_[static_cast<std::size_t>(at)] == kUnset)
    return malformed(fmt::format("memo {} holds nothing", at));
  push(memo_[static_cast<std::size_t>(at)]);
  return {};
}

}  // namespace prov::format
