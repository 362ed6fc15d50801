// The seal of a database: one digest over all of its records, and optionally a signature made with
// a key that sender and receiver share.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "store/store.hpp"

namespace prov::store {

inline constexpr std::string_view kSealPrefix = "seal.";
inline constexpr std::string_view kSealDigest = "seal.sha256";
inline constexpr std::string_view kSealSignature = "seal.hmac-sha256";

/// Reads a key: the bytes of a file as they are, 16 to 65536 of them. Errors: not_found, io,
/// invalid_argument.
Result<std::vector<std::byte>> read_key(const std::filesystem::path& path);

/// SHA-256 over id and digest of each record, ascending by id. Error where a record's row is
/// damaged.
Result<base::Sha256Digest> digest_of_all(const Store& store);

/// Writes the seal; signs it where `key` is not empty. Any later change of a record removes it.
Result<void> seal(const Store& store, std::span<const std::byte> key);

enum class SealState {
  none,       // there is no seal
  unsigned_,  // the digest holds; nobody signed it
  unchecked,  // the digest holds; it is signed, but no key was given
  valid,      // the digest holds, and the signature was made with the key
};
std::string_view seal_state_name(SealState state);

/// Error malformed where the digest does not hold, or the signature was not made with `key` (also
/// where there is none, if a key is given).
Result<SealState> check_seal(const Store& store, std::span<const std::byte> key);

}  // namespace prov::store
