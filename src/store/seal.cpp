#include "store/seal.hpp"

#include <fmt/format.h>

#include "base/try.hpp"
#include "source/byte_source.hpp"

namespace prov::store {
namespace {

constexpr std::size_t kShortestKey = 16;    // bytes
constexpr std::size_t kLongestKey = 65536;  // bytes

std::string signature(const base::Sha256Digest& digest, std::span<const std::byte> key) {
  const std::string message = "provenancekit database 1 " + base::hex(digest);
  return base::hex(base::hmac_sha256(key, base::as_byte_span(message)));
}

// Comparison whose time does not depend on where the two differ.
bool same(std::string_view a, std::string_view b) {
  return base::equal_digests(base::sha256(base::as_byte_span(a)),
                             base::sha256(base::as_byte_span(b)));
}

Error broken(const Store& store, std::string message, std::string hint) {
  return {.code = ErrorCode::malformed,
          .message = std::move(message),
          .file = store.database().name(),
          .hint = std::move(hint)};
}

}  // namespace

Result<std::vector<std::byte>> read_key(const std::filesystem::path& path) {
  PROV_TRY(const std::unique_ptr<source::ByteSource> file, source::open_local_file(path.string()));
  if (file->size() < kShortestKey || file->size() > kLongestKey) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("a key has {} to {} bytes, this file has {}", kShortestKey,
                                        kLongestKey, file->size()),
                 .file = path.string(),
                 .hint = "head -c 32 /dev/urandom makes one"};
  }
  std::vector<std::byte> key(file->size());
  PROV_CHECK(file->read(0, key));
  return key;
}

Result<base::Sha256Digest> digest_of_all(const Store& store) {
  base::Sha256 digest;
  digest.update_counted("provenancekit database 1");
  std::uint64_t count = 0;
  PROV_CHECK(store.for_each({}, [&](const Result<RecordSummary>& record) -> Result<bool> {
    if (!record) return record.error();
    digest.update_counted(record->id);
    digest.update(record->sha256);
    ++count;
    return true;
  }));
  digest.update_number(count);
  return digest.finish();
}

Result<void> seal(const Store& store, std::span<const std::byte> key) {
  PROV_TRY(Transaction transaction, Transaction::begin(store.database(), Transaction::Kind::write));
  PROV_TRY(const base::Sha256Digest digest, digest_of_all(store));
  PROV_CHECK(store.remove_facts(kSealPrefix));
  PROV_CHECK(store.set_fact(kSealDigest, base::hex(digest)));
  if (!key.empty()) PROV_CHECK(store.set_fact(kSealSignature, signature(digest, key)));
  return transaction.commit();
}

std::string_view seal_state_name(SealState state) {
  switch (state) {
    case SealState::none:
      return "none";
    case SealState::unsigned_:
      return "unsigned";
    case SealState::unchecked:
      return "signature-unchecked";
    case SealState::valid:
      return "signature-valid";
  }
  return "none";
}

Result<SealState> check_seal(const Store& store, std::span<const std::byte> key) {
  PROV_TRY(const Transaction one_state,
           Transaction::begin(store.database(), Transaction::Kind::read));
  PROV_TRY(const std::optional<std::string> stored, store.fact(kSealDigest));
  PROV_TRY(const std::optional<std::string> signed_by, store.fact(kSealSignature));
  if (!key.empty() && (!stored || !signed_by)) {
    return broken(store, "not signed, although a key was given",
                  "was it changed after it was exported, or exported without a key?");
  }
  if (!stored) return SealState::none;
  PROV_TRY(const base::Sha256Digest digest, digest_of_all(store));
  if (!same(*stored, base::hex(digest))) {
    return broken(store, "the records are not those that were sealed",
                  "records were added, removed or altered by another program");
  }
  if (!signed_by) return SealState::unsigned_;
  if (key.empty()) return SealState::unchecked;
  if (!same(*signed_by, signature(digest, key)))
    return broken(store, "the signature was not made with this key", "the wrong key, or a forgery");
  return SealState::valid;
}

}  // namespace prov::store
