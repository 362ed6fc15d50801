#include "format/pytorch/legacy_checkpoint.hpp"

#include <fmt/format.h>

#include <array>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "format/pytorch/pickle_machine.hpp"
#include "format/pytorch/storages.hpp"
#include "format/pytorch/zip_end.hpp"

namespace prov::format {
namespace {

constexpr std::int64_t kProtocol = 1001;

class LegacyCheckpoint {
 public:
  explicit LegacyCheckpoint(const source::ByteSource& source)
      : source_(source), cursor_(source, 0, source.size(), "magic number") {}

  Result<PytorchFile> read() {
    PROV_CHECK(run("magic number"));  // content told it
    PROV_TRY(const PickleId protocol, run("protocol"));
    if (values_.kind(protocol) != PickleKind::integer || values_.integer(protocol) != kProtocol)
      return error(ErrorCode::unsupported, fmt::format("a protocol other than {}", kProtocol));
    PROV_TRY(const PickleId writer, run("system"));
    PROV_CHECK(check_byte_order(writer));
    PROV_TRY(const PickleId object, run("object"));
    PROV_TRY(const PickleId keys, run("keys"));
    PROV_TRY(const StoragePlaces places, read_places(keys));
    return place_tensors(source_, values_, object, places);
  }

 private:
  Result<PickleId> run(std::string_view field) {
    cursor_.set_field(field);
    return run_pickle(cursor_, values_);
  }

  Result<void> check_byte_order(PickleId writer) const {
    if (values_.kind(writer) != PickleKind::dictionary)
      return error(ErrorCode::malformed, "what describes the writer is no dictionary");
    const std::span<const PickleId> items = values_.items(writer);
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (values_.text_of(items[i]) != "little_endian") continue;
      if (values_.kind(items[i + 1]) == PickleKind::truth && values_.truth(items[i + 1])) return {};
      return error(ErrorCode::unsupported, "big-endian weights are not read");
    }
    return error(ErrorCode::malformed, "nothing says in which order bytes are");
  }

  /// A number of elements says how long a storage is; the pickle says what an element is.
  Result<StoragePlaces> read_places(PickleId keys) {
    if (values_.kind(keys) != PickleKind::list)
      return error(ErrorCode::malformed, "the keys of the storages are no list");
    std::map<std::string_view, const TorchStorage*> known;
    for (const TorchStorage& storage : values_.storages()) known.emplace(storage.key, &storage);
    StoragePlaces places;
    std::uint64_t at = cursor_.position();
    for (const PickleId id : values_.items(keys)) {
      const auto key = values_.text_of(id);
      const auto storage = key ? known.find(*key) : known.end();
      if (storage == known.end())
        return error(ErrorCode::malformed, "a key of no storage in the pickle");
      PROV_TRY(const StoragePlace place, read_place(*storage->second, at));
      if (!places.emplace(*key, place).second)
        return error(ErrorCode::duplicate, fmt::format("two storages of the key \"{}\"", *key));
      at = place.offset + place.bytes;
    }
    if (at == source_.size()) return places;
    Error rest = error(ErrorCode::trailing_bytes,
                       fmt::format("the last {} bytes belong to no storage", source_.size() - at));
    rest.offset = at;
    return rest;
  }

  Result<StoragePlace> read_place(const TorchStorage& storage, std::uint64_t at) const {
    const auto refused = [&](ErrorCode code, std::string message) {
      Error refusal = error(code, std::move(message));
      refusal.offset = at;
      refusal.field = fmt::format("storage {}", storage.key);
      refusal.hint = code == ErrorCode::truncated ? "incomplete download?" : "";
      return refusal;
    };
    std::array<std::byte, 8> count{};
    if (source_.size() - at < count.size())
      return refused(ErrorCode::truncated, "the file ends before it");
    PROV_CHECK(source_.read(at, count));
    if (number_at(count, 0, 8) != storage.elements)
      return refused(ErrorCode::size_mismatch,
                     fmt::format("a storage of {} elements, its pickle says {}",
                                 number_at(count, 0, 8), storage.elements));
    const std::uint64_t begin = at + count.size();
    const auto bytes = base::checked_multiply(storage.elements, storage.unit);
    if (!bytes || *bytes > source_.size() - begin)
      return refused(ErrorCode::truncated,
                     fmt::format("{} elements of {} bytes, the file has {} bytes", storage.elements,
                                 storage.unit, source_.size() - begin));
    return StoragePlace{begin, *bytes};
  }

  Error error(ErrorCode code, std::string message) const {
    return cursor_.error(code, std::move(message), cursor_.position());
  }

  const source::ByteSource& source_;
  PickleCursor cursor_;
  PickleValues values_;
};

}  // namespace

Result<PytorchFile> read_legacy_checkpoint(const source::ByteSource& source) {
  return LegacyCheckpoint(source).read();
}

}  // namespace prov::format
