// SHA-256 in pieces, and the keyed digest made of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace prov::base {

using Sha256Digest = std::array<std::byte, 32>;

/// Incremental SHA-256 (FIPS 180-4). Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// The bytes of `number`, least significant first.
  void update_number(std::uint64_t number);
  /// The length as a number, then the text: texts one after the other cannot be confused.
  void update_counted(std::string_view text);
  /// Ends the digest: to be called once.
  Sha256Digest finish();

 private:
  void* state_;
};

Sha256Digest sha256(std::span<const std::byte> bytes);

/// HMAC-SHA-256 (RFC 2104) of `message` under `key` of any length.
Sha256Digest hmac_sha256(std::span<const std::byte> key, std::span<const std::byte> message);

/// Comparison whose time does not depend on where the two differ.
bool equal_digests(const Sha256Digest& a, const Sha256Digest& b);

/// Lower-case hexadecimal digits, two a byte.
std::string hex(std::span<const std::byte> bytes);

/// The characters of `text` as bytes; the view lives as long as the text.
std::span<const std::byte> as_byte_span(std::string_view text);
/// The same, the other way round.
std::string_view as_text(std::span<const std::byte> bytes);

}  // namespace prov::base
