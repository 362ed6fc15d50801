#include "base/digest.hpp"

#include <xxhash.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>  // the same functions, choosing AVX2 or AVX-512 at run time; equal results
#endif

#include "base/sha256.hpp"

namespace prov::base {

std::string sha256_hex(std::string_view bytes) { return hex(sha256(as_byte_span(bytes))); }

ContentHasher::ContentHasher() : state_(XXH3_createState()) { reset(); }

ContentHasher::~ContentHasher() { XXH3_freeState(static_cast<XXH3_state_t*>(state_)); }

void ContentHasher::reset() { XXH3_128bits_reset(static_cast<XXH3_state_t*>(state_)); }

void ContentHasher::update(std::span<const std::byte> bytes) {
  XXH3_128bits_update(static_cast<XXH3_state_t*>(state_), bytes.data(), bytes.size());
}

ContentHash ContentHasher::finish() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(static_cast<const XXH3_state_t*>(state_));
  return {hash.high64, hash.low64};
}

}  // namespace prov::base
