// The stack and the memo of a pickle machine.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "format/pytorch/pickle_values.hpp"
#include "provenancekit/result.hpp"

namespace prov::format {

/// Values above the last mark are within reach. Errors are malformed and carry no place.
class PickleStack {
 public:
  void push(PickleId id) { values_.push_back(id); }
  void mark() { marks_.push_back(values_.size()); }

  Result<PickleId> top() const;
  Result<PickleId> pop();
  /// The upper `count` values, the lowest first.
  Result<std::vector<PickleId>> pop_many(std::size_t count);
  /// The values above the last mark, and the mark.
  Result<std::vector<PickleId>> pop_marked();
  /// A value, or the mark where nothing lies above it.
  Result<void> drop();
  /// The only value that is left.
  Result<PickleId> last() const;

  /// Remembers the top value as number `at`; `most` bounds the numbers.
  Result<void> put(std::uint64_t at, std::uint64_t most);
  /// Remembers the top value under the next number.
  Result<void> memoize() { return put(memoized_, memoized_); }
  /// Pushes what is remembered as number `at`.
  Result<void> get(std::uint64_t at);

 private:
  static constexpr PickleId kUnset = std::numeric_limits<PickleId>::max();

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  std::vector<PickleId> values_;
  std::vector<std::size_t> marks_;  // heights of the stack
  std::vector<PickleId> memo_;
  std::size_t memoized_ = 0;
};

}  // namespace prov::format
