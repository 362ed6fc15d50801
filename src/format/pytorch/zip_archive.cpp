#include "format/pytorch/zip_archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <span>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "base/utf8.hpp"
#include "format/pytorch/zip_end.hpp"

namespace prov::format {
namespace {

constexpr std::uint64_t kCentralSign = 0x02014b50, kLocalSign = 0x04034b50;
constexpr std::uint64_t kDescriptorSign = 0x08074b50;
constexpr std::size_t kCentralBytes = 46, kLocalBytes = 30;
constexpr std::uint64_t kAllOnes = 0xFFFFFFFF;
constexpr std::uint64_t kMostMembers = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostCentralBytes = std::uint64_t{1} << 27;
constexpr std::uint64_t kMostNameBytes = 4096;
constexpr std::uint64_t kHasDescriptor = 1u << 3;

/// A member as the central directory tells it.
struct Entry {
  ZipMember member;
  std::uint64_t header = 0;  // offset of the local header
  std::uint64_t flags = 0;
  std::uint64_t end = 0;  // of all that belongs to it
};

bool leaves_folder(std::string_view name) {
  if (name.starts_with('/') || name.find('\\') != std::string_view::npos ||
      name.find(':') != std::string_view::npos || name.find('\0') != std::string_view::npos)
    return true;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part == ".." || part == "." || (part.empty() && end < name.size())) return true;
    begin = end + 1;
  }
  return false;
}

class ZipReader {
 public:
  explicit ZipReader(const source::ByteSource& source) : source_(source) {}

  Result<std::vector<ZipMember>> read() {
    PROV_CHECK(read_central());
    std::ranges::sort(entries_, {}, &Entry::header);
    for (Entry& entry : entries_) PROV_CHECK(read_local(entry));
    PROV_CHECK(check_coverage());
    PROV_CHECK(check_names());
    std::vector<ZipMember> members;
    for (Entry& entry : entries_) {
      if (!entry.member.name.ends_with('/')) members.push_back(std::move(entry.member));
    }
    return members;
  }

 private:
  Result<void> read_central() {
    PROV_TRY(central_, find_zip_central(source_));
    if (central_.bytes > kMostCentralBytes || central_.entries > kMostMembers)
      return error(ErrorCode::too_large,
                   fmt::format("a central directory of {} bytes and {} members", central_.bytes,
                               central_.entries),
                   central_.offset, "central directory");
    std::vector<std::byte> bytes(static_cast<std::size_t>(central_.bytes));
    PROV_CHECK(source_.read(central_.offset, bytes));
    std::size_t at = 0;
    for (std::uint64_t i = 0; i < central_.entries; ++i) {
      PROV_TRY(const std::size_t length, read_entry(std::span(bytes).subspan(at), at));
      at += length;
    }
    if (at == bytes.size()) return {};
    return error(ErrorCode::trailing_bytes, "the central directory has more bytes than members",
                 central_.offset + at, "central directory");
  }

  /// Returns the bytes of the entry.
  Result<std::size_t> read_entry(std::span<const std::byte> bytes, std::size_t begin) {
    const std::string place = fmt::format("member {}", entries_.size());
    const std::uint64_t at = central_.offset + begin;
    if (bytes.size() < kCentralBytes || number_at(bytes, 0, 4) != kCentralSign)
      return error(ErrorCode::malformed, "no entry of a central directory", at, place);
    const std::uint64_t name_length = number_at(bytes, 28, 2), extra = number_at(bytes, 30, 2);
    const std::uint64_t length = kCentralBytes + name_length + extra + number_at(bytes, 32, 2);
    if (length > bytes.size())
      return error(ErrorCode::malformed, "an entry reaches beyond the central directory", at,
                   place);
    Entry entry{.member = {.name = text(bytes.subspan(kCentralBytes, name_length)),
                           .crc = static_cast<std::uint32_t>(number_at(bytes, 16, 4))},
                .header = number_at(bytes, 42, 4),
                .flags = number_at(bytes, 8, 2)};
    PROV_CHECK(check_name(entry.member.name, at));
    const std::string& name = entry.member.name;
    constexpr std::uint64_t kEncrypted = 1u << 0 | 1u << 6 | 1u << 13, kPatch = 1u << 5;
    if ((entry.flags & (kEncrypted | kPatch)) != 0 || number_at(bytes, 34, 2) != 0)
      return error(ErrorCode::unsupported, "an encrypted, patched or divided member", at, name);
    if (number_at(bytes, 10, 2) != 0) {
      Error packed = error(ErrorCode::unsupported, "a compressed member", at, name);
      packed.hint = "TorchScript, or packed anew by another tool? torch.save compresses nothing";
      return packed;
    }
    std::uint64_t stored = number_at(bytes, 20, 4);
    entry.member.bytes = number_at(bytes, 24, 4);
    if (!widen(bytes.subspan(kCentralBytes + name_length, extra),
               {&entry.member.bytes, &stored, &entry.header}))
      return error(ErrorCode::malformed, "its zip64 numbers are cut short", at, name);
    if (stored != entry.member.bytes)
      return error(ErrorCode::malformed, "two sizes of a member that is not compressed", at, name);
    entries_.push_back(std::move(entry));
    return static_cast<std::size_t>(length);
  }

  Result<void> check_name(std::string_view name, std::uint64_t at) const {
    const std::string field =
        name.size() > 256 ? fmt::format("member {}", entries_.size()) : std::string(name);
    if (name.size() > kMostNameBytes)
      return error(ErrorCode::too_large, fmt::format("a name of {} bytes", name.size()), at, field);
    if (name.empty() || base::find_invalid_utf8(name) != std::string_view::npos)
      return error(ErrorCode::malformed, "an empty name, or one that is not UTF-8", at, field);
    if (leaves_folder(name))
      return error(ErrorCode::unsafe_path, "a name that would leave its folder", at, field);
    return {};
  }

  /// Numbers that are all ones stand, in this order, in the extra field 1.
  static bool widen(std::span<const std::byte> extra,
                    std::initializer_list<std::uint64_t*> numbers) {
    std::span<const std::byte> wide;
    for (std::size_t at = 0; at + 4 <= extra.size();) {
      const std::size_t size = static_cast<std::size_t>(number_at(extra, at + 2, 2));
      if (size > extra.size() - at - 4) return false;
      if (number_at(extra, at, 2) == 1) wide = extra.subspan(at + 4, size);
      at += 4 + size;
    }
    for (std::uint64_t* number : numbers) {
      if (*number != kAllOnes) continue;
      if (wide.size() < 8) return false;
      *number = number_at(wide, 0, 8);
      wide = wide.subspan(8);
    }
    return true;
  }

  Result<void> read_local(Entry& entry) {
    ZipMember& member = entry.member;
    const auto refused = [&](ErrorCode code, std::string message) {
      return error(code, std::move(message), entry.header, member.name);
    };
    const std::uint64_t fixed = kLocalBytes + member.name.size();
    if (entry.header > central_.offset || central_.offset - entry.header < fixed)
      return error(ErrorCode::truncated, "its local header lies beyond the members",
                   central_.offset, member.name);
    std::vector<std::byte> bytes(static_cast<std::size_t>(fixed));
    PROV_CHECK(source_.read(entry.header, bytes));
    const std::span<const std::byte> header = bytes;
    if (number_at(header, 0, 4) != kLocalSign || number_at(header, 6, 2) != entry.flags ||
        number_at(header, 8, 2) != 0 || number_at(header, 26, 2) != member.name.size() ||
        text(header.subspan(kLocalBytes)) != member.name)
      return refused(ErrorCode::malformed, "its two headers disagree");
    PROV_TRY(const bool agree, numbers_agree(entry, header));
    if (!agree) return refused(ErrorCode::malformed, "its two headers disagree");
    member.offset = entry.header + fixed + number_at(header, 28, 2);
    if (member.offset > central_.offset || member.bytes > central_.offset - member.offset)
      return refused(ErrorCode::truncated, "its data reaches beyond the members");
    entry.end = member.offset + member.bytes;
    return {};
  }

  /// A local header has zeros where a descriptor follows the data.
  Result<bool> numbers_agree(const Entry& entry, std::span<const std::byte> header) const {
    const auto agrees = [&](std::uint64_t written, std::uint64_t value) {
      return written == value || (written == 0 && (entry.flags & kHasDescriptor) != 0);
    };
    std::uint64_t stored = number_at(header, 18, 4), plain = number_at(header, 22, 4);
    if (stored == kAllOnes || plain == kAllOnes) {
      const std::uint64_t at = entry.header + header.size(), length = number_at(header, 28, 2);
      if (length > central_.offset - at) return false;
      std::vector<std::byte> extra(static_cast<std::size_t>(length));
      PROV_CHECK(source_.read(at, extra));
      if (!widen(extra, {&plain, &stored})) return false;
    }
    return agrees(number_at(header, 14, 4), entry.member.crc) &&
           agrees(stored, entry.member.bytes) && agrees(plain, entry.member.bytes);
  }

  /// The bytes between a member's data and what follows must be its descriptor.
  Result<bool> is_descriptor(const Entry& entry, std::uint64_t length) const {
    if ((entry.flags & kHasDescriptor) == 0) return false;
    if (length != 12 && length != 16 && length != 20 && length != 24) return false;
    std::array<std::byte, 24> storage{};
    const std::span<std::byte> bytes = std::span(storage).first(static_cast<std::size_t>(length));
    PROV_CHECK(source_.read(entry.end, bytes));
    const bool is_signed = length % 8 == 0;
    if (is_signed && number_at(bytes, 0, 4) != kDescriptorSign) return false;
    const std::size_t at = is_signed ? 4 : 0;
    const unsigned width = length - at == 12 ? 4 : 8;
    return number_at(bytes, at, 4) == entry.member.crc &&
           number_at(bytes, at + 4, width) == entry.member.bytes &&
           number_at(bytes, at + 4 + width, width) == entry.member.bytes;
  }

  Result<void> check_coverage() const {
    std::uint64_t covered = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      if (entry.header < covered)
        return error(ErrorCode::overlap, "it lies in the member before it", entry.header,
                     entry.member.name);
      if (entry.header > covered)
        return error(ErrorCode::hole, "the bytes before it belong to no member", covered,
                     entry.member.name);
      const std::uint64_t next = i + 1 < entries_.size() ? entries_[i + 1].header : central_.offset;
      if (next < entry.end)
        return error(ErrorCode::overlap, "the member after it begins inside it", next,
                     entry.member.name);
      covered = entry.end;
      if (next == covered) continue;
      PROV_TRY(const bool belongs, is_descriptor(entry, next - covered));
      if (belongs) covered = next;
    }
    if (covered == central_.offset) return {};
    return error(ErrorCode::hole, "the bytes before the central directory belong to no member",
                 covered, "central directory");
  }

  Result<void> check_names() const {
    std::vector<std::string_view> names;
    for (const Entry& entry : entries_) names.push_back(entry.member.name);
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice == names.end()) return {};
    return error(ErrorCode::duplicate, "two members of this name", central_.offset,
                 std::string(*twice));
  }

  static std::string text(std::span<const std::byte> bytes) {
    std::string result(bytes.size(), '\0');
    std::ranges::transform(bytes, result.begin(),
                           [](std::byte byte) { return static_cast<char>(byte); });
    return result;
  }

  Error error(ErrorCode code, std::string message, std::uint64_t at, std::string field) const {
    return {.code = code,
            .message = std::move(message),
            .file = source_.name(),
            .offset = at,
            .field = std::move(field)};
  }

  const source::ByteSource& source_;
  ZipCentralPlace central_;
  std::vector<Entry> entries_;
};

}  // namespace

Result<std::vector<ZipMember>> read_zip_members(const source::ByteSource& source) {
  return ZipReader(source).read();
}

Result<std::uint32_t> crc32_of(const source::ByteSource& source, std::uint64_t offset,
                               std::uint64_t bytes) {
  static constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit)
        value = (value & 1) != 0 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
      table[i] = value;
    }
    return table;
  }();
  std::array<std::byte, 1 << 14> buffer{};
  std::uint32_t crc = 0xFFFFFFFF;
  while (bytes > 0) {
    const std::span<std::byte> piece = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes, buffer.size())));
    PROV_CHECK(source.read(offset, piece));
    for (const std::byte byte : piece)
      crc = kTable[(crc ^ std::to_integer<std::uint32_t>(byte)) & 0xFF] ^ (crc >> 8);
    offset += piece.size();
    bytes -= piece.size();
  }
  return ~crc;
}

}  // namespace prov::format
