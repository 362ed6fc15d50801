#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace prov::base {

/// Hash table from texts to numbers for vocabularies: several times faster than std::unordered_map,
/// and seeded at random, so that no file can be made whose texts all collide. Holds views: the
/// texts must outlive it. Not thread-safe while it grows.
class TextTable {
 public:
  explicit TextTable(std::size_t expected = 0);

  /// True if `text` is new; else its number is replaced.
  bool insert(std::string_view text, std::uint32_t value = 0);
  std::optional<std::uint32_t> find(std::string_view text) const;
  bool contains(std::string_view text) const { return find(text).has_value(); }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string_view text;
    std::uint32_t value = 0;
  };
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t entry = 0;  // position in entries_ plus one; 0 for a free slot
  };
  std::size_t place_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  std::vector<Entry> entries_;
  std::vector<Slot> slots_;  // a power of two, at most three quarters full
};

/// The same from pairs of ids to pairs of numbers, for the merges of a tokenizer.
class PairTable {
 public:
  struct Value {
    std::uint32_t rank = 0, id = 0;
  };
  explicit PairTable(std::size_t expected = 0);

  /// True if the pair is new; else its value is replaced.
  bool insert(std::uint32_t left, std::uint32_t right, Value value);
  const Value* find(std::uint32_t left, std::uint32_t right) const;

 private:
  struct Slot {
    std::uint64_t key = 0;
    Value value;
    bool used = false;
  };
  std::size_t place_of(std::uint64_t key) const;
  void grow();

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace prov::base
