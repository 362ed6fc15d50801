// Whole numbers of a few bits, packed without gaps, lowest bit first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace prov::model {

inline std::uint32_t field_mask(unsigned bits) { return (std::uint32_t{1} << bits) - 1; }

/// Word `i` of little-endian 32-bit words at any alignment.
inline std::uint32_t word_at(const std::byte* bytes, std::size_t i) {
  std::uint32_t word;
  std::memcpy(&word, bytes + i * sizeof(word), sizeof(word));
  return word;
}

/// The field at bit `bit` of a run of words; a field may lie across two of them.
inline std::uint32_t field_of(const std::uint32_t* words, unsigned bit, std::uint32_t mask) {
  const unsigned shift = bit % 32;
  const std::uint64_t two = words[bit / 32] | std::uint64_t{words[bit / 32 + 1]} << 32;
  return static_cast<std::uint32_t>(two >> shift) & mask;
}

/// A string of bits inside a buffer.
class BitString {
 public:
  BitString(std::span<const std::byte> buffer, std::uint64_t begin, std::uint64_t bytes)
      : bytes_(buffer.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(bytes))) {}

  /// The `bits` <= 8 bits from `bit` on; those behind the end are 0.
  unsigned field(std::uint64_t bit, unsigned bits) const {
    const auto at = static_cast<std::size_t>(bit / 8);
    unsigned window = std::to_integer<unsigned>(bytes_[at]);
    if (at + 1 < bytes_.size()) window |= std::to_integer<unsigned>(bytes_[at + 1]) << 8;
    return window >> bit % 8 & ((1u << bits) - 1);
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace prov::model
