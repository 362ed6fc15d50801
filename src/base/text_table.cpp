#include "base/text_table.hpp"

#include <xxhash.h>

#include <bit>
#include <random>

namespace prov::base {
namespace {

/// One a process. Results never depend on it: only the order inside the table does.
std::uint64_t seed() {
  static const std::uint64_t value = std::random_device{}();
  return value;
}

std::uint32_t hash_of(std::string_view text) {
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(text.data(), text.size(), seed()));
}

}  // namespace

TextTable::TextTable(std::size_t expected) : slots_(std::bit_ceil(expected + expected / 3 + 8)) {
  entries_.reserve(expected);
}

std::size_t TextTable::place_of(std::string_view text, std::uint32_t hash) const {
  std::size_t place = hash & (slots_.size() - 1);
  for (;; place = (place + 1) & (slots_.size() - 1)) {
    const Slot slot = slots_[place];
    if (slot.entry == 0) return place;
    if (slot.hash == hash && entries_[slot.entry - 1].text == text) return place;
  }
}

bool TextTable::insert(std::string_view text, std::uint32_t value) {
  const std::uint32_t hash = hash_of(text);
  Slot& slot = slots_[place_of(text, hash)];
  if (slot.entry != 0) {
    entries_[slot.entry - 1].value = value;
    return false;
  }
  entries_.push_back({text, value});
  slot = {hash, static_cast<std::uint32_t>(entries_.size())};
  if (entries_.size() * 4 > slots_.size() * 3) grow();
  return true;
}

std::optional<std::uint32_t> TextTable::find(std::string_view text) const {
  const Slot slot = slots_[place_of(text, hash_of(text))];
  if (slot.entry == 0) return std::nullopt;
  return entries_[slot.entry - 1].value;
}

void TextTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot slot : old) {
    std::size_t place = slot.hash & (slots_.size() - 1);
    while (slots_[place].entry != 0) place = (place + 1) & (slots_.size() - 1);
    if (slot.entry != 0) slots_[place] = slot;
  }
}

PairTable::PairTable(std::size_t expected) : slots_(std::bit_ceil(expected * 2 + 8)) {}

std::size_t PairTable::place_of(std::uint64_t key) const {
  std::size_t place = XXH3_64bits_withSeed(&key, sizeof key, seed()) & (slots_.size() - 1);
  while (slots_[place].used && slots_[place].key != key) place = (place + 1) & (slots_.size() - 1);
  return place;
}

bool PairTable::insert(std::uint32_t left, std::uint32_t right, Value value) {
  const std::uint64_t key = std::uint64_t{left} << 32 | right;
  Slot& slot = slots_[place_of(key)];
  const bool is_new = !slot.used;
  slot = {key, value, true};
  size_ += is_new;
  if (size_ * 2 > slots_.size()) grow();
  return is_new;
}

const PairTable::Value* PairTable::find(std::uint32_t left, std::uint32_t right) const {
  const Slot& slot = slots_[place_of(std::uint64_t{left} << 32 | right)];
  return slot.used ? &slot.value : nullptr;
}

void PairTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.used) slots_[place_of(slot.key)] = slot;
  }
}

}  // namespace prov::base
