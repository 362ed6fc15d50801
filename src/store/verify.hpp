// Looks at every byte that a database promises to keep.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "provenancekit/progress.hpp"
#include "store/seal.hpp"

namespace prov::store {

struct Damage {
  std::string record;  // its id, or a name for what is no record: "file", "word index", "cache"
  std::string what;    // one sentence
};

struct Verification {
  std::uint64_t records = 0;  // intact ones
  std::uint64_t parts = 0;    // intact ones
  std::uint64_t words = 0;    // of intact records, all found in the index
  std::uint64_t cached = 0;   // intact entries of the cache
  std::uint64_t bytes = 0;    // of intact parts and entries
  SealState seal = SealState::none;
  std::vector<Damage> damage;      // at most kMostDamage
  std::uint64_t damage_count = 0;  // all of it
  bool is_sound() const { return damage_count == 0; }
};
inline constexpr std::size_t kMostDamage = 1000;

struct VerifyOptions {
  std::span<const std::byte> key;  // checks the signature of the seal; empty: none
  Progress* progress = nullptr;
  std::stop_token stop;
};

/// Checks the pages of the file (SQLite's integrity_check), each record with its parts against
/// their digests, the word index against the words of the records, facts, cache and seal. One state
/// of the file; other processes can go on. Errors: cancelled, io; damage is no error but the
/// answer.
Result<Verification> verify(const Store& store, const VerifyOptions& options = {});

}  // namespace prov::store
