#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace prov::base {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// 128-bit XXH3: tells equal from different content. Not cryptographic: never the only proof of
/// identity.
struct ContentHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const ContentHash&, const ContentHash&) = default;
};

/// Incremental XXH3-128. Not thread-safe; one object a tensor.
class ContentHasher {
 public:
  ContentHasher();
  ~ContentHasher();
  ContentHasher(const ContentHasher&) = delete;
  ContentHasher& operator=(const ContentHasher&) = delete;

  /// Begins anew.
  void reset();
  void update(std::span<const std::byte> bytes);
  ContentHash finish() const;

 private:
  void* state_;
};

}  // namespace prov::base
