#include "format/pytorch/zip_checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "format/pytorch/pickle_machine.hpp"
#include "format/pytorch/storages.hpp"
#include "format/pytorch/zip_archive.hpp"

namespace prov::format {
namespace {

constexpr std::string_view kPickle = "data.pkl";

class ZipCheckpoint {
 public:
  explicit ZipCheckpoint(const source::ByteSource& source) : source_(source) {}

  Result<PytorchFile> read() {
    PROV_TRY(members_, read_zip_members(source_));
    PROV_CHECK(refuse_programs());
    const ZipMember* const pickle = find_pickle();
    if (pickle == nullptr)
      return error(ErrorCode::not_weights, "a zip archive without data.pkl is no PyTorch file");
    PickleValues values;
    PROV_TRY(const PickleId top, run(*pickle, values));
    // Other pickles are never loaded, but what they want is said.
    for (const ZipMember& member : members_) {
      PickleValues others;
      if (&member != pickle && member.name.ends_with(".pkl")) PROV_CHECK(run(member, others));
    }
    PROV_TRY(const StoragePlaces places, sort_members(*pickle));
    PROV_TRY(PytorchFile file, place_tensors(source_, values, top, places));
    warn_of_unused(values, places);
    std::ranges::move(warnings_, std::back_inserter(file.warnings));
    return file;
  }

 private:
  /// TorchScript: a program with its weights.
  Result<void> refuse_programs() const {
    for (const ZipMember& member : members_) {
      const std::string_view name = member.name;
      const std::string_view inner = name.substr(std::min(name.find('/') + 1, name.size()));
      if (inner != "constants.pkl" && !inner.starts_with("code/")) continue;
      Error refused = error(ErrorCode::unsupported, "TorchScript is not read", member.name);
      refused.hint = "save the model's state_dict";
      return refused;
    }
    return {};
  }

  const ZipMember* find_pickle() const {
    const auto found = std::ranges::find_if(members_, [](const ZipMember& member) {
      const std::string_view name = member.name;
      return name.substr(name.rfind('/') + 1) == kPickle;
    });
    return found == members_.end() ? nullptr : &*found;
  }

  Result<PickleId> run(const ZipMember& member, PickleValues& values) {
    PickleCursor cursor(source_, member.offset, member.offset + member.bytes, member.name);
    PROV_TRY(const PickleId top, run_pickle(cursor, values));
    if (cursor.remaining() > 0)
      return cursor.error(ErrorCode::trailing_bytes,
                          fmt::format("{} bytes behind the end of the pickle", cursor.remaining()),
                          cursor.position());
    // PyTorch can be told to write no sums (torch.serialization.set_crc32_options).
    if (member.crc == 0) {
      warnings_.push_back(
          fmt::format("{} has no CRC-32: not checked", base::printable(member.name)));
      return top;
    }
    PROV_TRY(const std::uint32_t crc, crc32_of(source_, member.offset, member.bytes));
    if (crc != member.crc)
      return cursor.error(ErrorCode::malformed, "its CRC-32 is another one: damaged or changed",
                          member.offset);
    return top;
  }

  /// Every member must have its place beside the pickle.
  Result<StoragePlaces> sort_members(const ZipMember& pickle) {
    const std::string folder = pickle.name.substr(0, pickle.name.size() - kPickle.size());
    if (folder.empty() || folder.find('/') + 1 != folder.size())
      return error(ErrorCode::malformed, "the pickle does not lie in one folder", pickle.name);
    StoragePlaces places;
    for (const ZipMember& member : members_) {
      if (&member == &pickle) continue;
      if (!member.name.starts_with(folder))
        return error(ErrorCode::malformed, "a member outside the folder of the pickle",
                     member.name);
      const std::string_view name = std::string_view(member.name).substr(folder.size());
      constexpr std::string_view kData = "data/";
      if (name.ends_with(".pkl"))
        return error(ErrorCode::malformed, "a second pickle", member.name);
      if (name.starts_with(kData)) {
        places.emplace(name.substr(kData.size()), StoragePlace{member.offset, member.bytes});
      } else if (name == "byteorder") {
        PROV_CHECK(check_byte_order(member));
      } else if (!is_known(name)) {
        warnings_.push_back(fmt::format("{} is not read", base::printable(member.name)));
      }
    }
    return places;
  }

  Result<void> check_byte_order(const ZipMember& member) const {
    constexpr std::uint64_t kLongest = 6;
    std::string order(static_cast<std::size_t>(std::min(member.bytes, kLongest + 1)), '\0');
    PROV_CHECK(source_.read(member.offset, std::as_writable_bytes(std::span(order))));
    if (order == "little") return {};
    if (order == "big")
      return error(ErrorCode::unsupported, "big-endian weights are not read", member.name);
    return error(ErrorCode::malformed, "neither \"little\" nor \"big\"", member.name);
  }

  static bool is_known(std::string_view name) {
    return name == "version" || name == ".format_version" || name == ".storage_alignment" ||
           name.starts_with(".data/");
  }

  void warn_of_unused(const PickleValues& values, const StoragePlaces& places) {
    std::vector<std::string_view> used;
    for (const TorchStorage& storage : values.storages()) used.push_back(storage.key);
    std::ranges::sort(used);
    used.erase(std::ranges::unique(used).begin(), used.end());
    if (used.size() < places.size())
      warnings_.push_back(fmt::format("{} storages belong to no tensor of the pickle",
                                      places.size() - used.size()));
  }

  Error error(ErrorCode code, std::string message, std::string field = {}) const {
    return {.code = code,
            .message = std::move(message),
            .file = source_.name(),
            .field = std::move(field)};
  }

  const source::ByteSource& source_;
  std::vector<ZipMember> members_;
  std::vector<std::string> warnings_;
};

}  // namespace

Result<PytorchFile> read_zip_checkpoint(const source::ByteSource& source) {
  return ZipCheckpoint(source).read();
}

}  // namespace prov::format
