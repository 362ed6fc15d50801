#include "format/pytorch/zip_end.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/checked_math.hpp"
#include "base/try.hpp"

namespace prov::format {
namespace {

constexpr std::uint64_t kEndBytes = 22, kLocatorBytes = 20, kEnd64Bytes = 56;
constexpr std::uint64_t kEndSign = 0x06054b50, kLocatorSign = 0x07064b50, kEnd64Sign = 0x06064b50;

class EndReader {
 public:
  explicit EndReader(const source::ByteSource& source) : source_(source) {}

  Result<ZipCentralPlace> read() {
    if (source_.size() < kEndBytes) return no_end();
    const std::uint64_t at = source_.size() - kEndBytes;
    std::array<std::byte, kEndBytes> end{};
    PROV_CHECK(source_.read(at, end));
    if (number_at(end, 0, 4) != kEndSign || number_at(end, 20, 2) != 0) return no_end();
    if (number_at(end, 4, 2) != 0 || number_at(end, 6, 2) != 0)
      return error(ErrorCode::unsupported, "an archive of several disks", at);
    const ZipCentralPlace narrow{.offset = number_at(end, 16, 4),
                                 .bytes = number_at(end, 12, 4),
                                 .entries = number_at(end, 10, 2)};
    if (number_at(end, 8, 2) != narrow.entries)
      return error(ErrorCode::malformed, "two numbers of members", at);
    PROV_TRY(const bool wide, has_locator(at));
    if (wide) return read_wide(at - kLocatorBytes, narrow);
    return ending_at(narrow, at);
  }

 private:
  /// What stands behind the last record that looks like an end, if there is one.
  Error no_end() const {
    constexpr std::uint64_t kLongestComment = 65535;
    const std::uint64_t begin =
        source_.size() - std::min(source_.size(), kEndBytes + kLongestComment);
    std::vector<std::byte> tail(static_cast<std::size_t>(source_.size() - begin));
    if (auto read = source_.read(begin, tail); !read) return std::move(read).error();
    for (std::size_t at = tail.size(); at-- > 0;) {
      if (tail.size() - at < kEndBytes || number_at(tail, at, 4) != kEndSign) continue;
      return error(ErrorCode::trailing_bytes, "bytes behind the end of the archive, or a comment",
                   begin + at);
    }
    Error none = error(ErrorCode::truncated, "the archive has no end", source_.size());
    none.hint = "incomplete download?";
    return none;
  }

  Result<bool> has_locator(std::uint64_t end_at) const {
    if (end_at < kLocatorBytes + kEnd64Bytes) return false;
    std::array<std::byte, 4> sign{};
    PROV_CHECK(source_.read(end_at - kLocatorBytes, sign));
    return number_at(sign, 0, 4) == kLocatorSign;
  }

  Result<ZipCentralPlace> read_wide(std::uint64_t locator_at, const ZipCentralPlace& narrow) {
    const std::uint64_t at = locator_at - kEnd64Bytes;
    std::array<std::byte, kEnd64Bytes + kLocatorBytes> bytes{};
    PROV_CHECK(source_.read(at, bytes));
    const std::span<const std::byte> end = std::span(bytes).first(kEnd64Bytes);
    const std::span<const std::byte> locator = std::span(bytes).subspan(kEnd64Bytes);
    if (number_at(locator, 4, 4) != 0 || number_at(locator, 16, 4) > 1)
      return error(ErrorCode::unsupported, "an archive of several disks", locator_at);
    if (number_at(locator, 8, 8) != at || number_at(end, 0, 4) != kEnd64Sign ||
        number_at(end, 4, 8) != kEnd64Bytes - 12)
      return error(ErrorCode::malformed, "the end record of zip64 is not where it must be", at);
    const ZipCentralPlace wide{.offset = number_at(end, 48, 8),
                               .bytes = number_at(end, 40, 8),
                               .entries = number_at(end, 32, 8)};
    const auto agree = [](std::uint64_t few, std::uint64_t all_ones, std::uint64_t many) {
      return few == all_ones || few == many;
    };
    if (number_at(end, 16, 8) != 0 || number_at(end, 24, 8) != wide.entries ||
        !agree(narrow.entries, 0xFFFF, wide.entries) ||
        !agree(narrow.bytes, 0xFFFFFFFF, wide.bytes) ||
        !agree(narrow.offset, 0xFFFFFFFF, wide.offset))
      return error(ErrorCode::malformed, "the two end records disagree", at);
    return ending_at(wide, at);
  }

  Result<ZipCentralPlace> ending_at(const ZipCentralPlace& place, std::uint64_t end) const {
    if (base::checked_add(place.offset, place.bytes) == end) return place;
    return error(ErrorCode::malformed,
                 fmt::format("a central directory at {} of {} bytes does not end here",
                             place.offset, place.bytes),
                 end);
  }

  Error error(ErrorCode code, std::string message, std::uint64_t at) const {
    return {.code = code,
            .message = std::move(message),
            .file = source_.name(),
            .offset = at,
            .field = "end record"};
  }

  const source::ByteSource& source_;
};

}  // namespace

std::uint64_t number_at(std::span<const std::byte> bytes, std::size_t at, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = width; i-- > 0;)
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}

Result<ZipCentralPlace> find_zip_central(const source::ByteSource& source) {
  return EndReader(source).read();
}

}  // namespace prov::format
