#include "base/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <new>

namespace prov::base {
namespace {

/// Looked up once: EVP_sha256() would be looked up again for each digest.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched != nullptr ? fetched : EVP_sha256();
}

EVP_MD_CTX* context(void* state) { return static_cast<EVP_MD_CTX*>(state); }

unsigned char* writable(Sha256Digest& digest) {
  return reinterpret_cast<unsigned char*>(digest.data());
}

}  // namespace

// A context that cannot be made or fed means that memory ran out: OpenSSL has no other reason here.
Sha256::Sha256() : state_(EVP_MD_CTX_new()) {
  if (state_ == nullptr || EVP_DigestInit_ex(context(state_), algorithm(), nullptr) != 1) {
    EVP_MD_CTX_free(context(state_));
    throw std::bad_alloc();
  }
}

Sha256::~Sha256() { EVP_MD_CTX_free(context(state_)); }

void Sha256::update(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(context(state_), bytes.data(), bytes.size()) != 1) throw std::bad_alloc();
}

void Sha256::update(std::string_view text) { update(as_byte_span(text)); }

void Sha256::update_number(std::uint64_t number) {
  std::array<std::byte, 8> bytes;
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(number & 0xff);
    number >>= 8;
  }
  update(bytes);
}

void Sha256::update_counted(std::string_view text) {
  update_number(text.size());
  update(text);
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  if (EVP_DigestFinal_ex(context(state_), writable(digest), nullptr) != 1) throw std::bad_alloc();
  return digest;
}

Sha256Digest sha256(std::span<const std::byte> bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.finish();
}

// Written out, because OpenSSL's HMAC takes no empty key and no key longer than an int.
Sha256Digest hmac_sha256(std::span<const std::byte> key, std::span<const std::byte> message) {
  constexpr std::size_t kBlock = 64;
  std::array<std::byte, kBlock> inner{}, outer{};
  const Sha256Digest short_key = key.size() > kBlock ? sha256(key) : Sha256Digest{};
  const std::span<const std::byte> used = key.size() > kBlock ? std::span(short_key) : key;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const std::byte value = i < used.size() ? used[i] : std::byte{0};
    inner[i] = value ^ std::byte{0x36};
    outer[i] = value ^ std::byte{0x5c};
  }
  Sha256 first;
  first.update(inner);
  first.update(message);
  const Sha256Digest inside = first.finish();
  Sha256 second;
  second.update(outer);
  second.update(inside);
  return second.finish();
}

bool equal_digests(const Sha256Digest& a, const Sha256Digest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<std::size_t>(byte >> 4)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

std::span<const std::byte> as_byte_span(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace prov::base
