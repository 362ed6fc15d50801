// zip as PyTorch writes it, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
//
//   member:   u32 0x04034b50, u16 version, flags, method, time, date, u32 crc, stored, plain size,
//             u16 name length, extra length; name; extra; data;
//             with flag 8: u32 0x08074b50 (may be left out), crc, sizes (u32 or u64 each)
//   central:  u32 0x02014b50, u16 made by, version, flags, method, time, date, u32 crc, sizes,
//             u16 name, extra, comment length, disk, internal, u32 external, local offset; name;
//             extra (id 1: the u64 values of fields that are all ones); comment
//   end64:    u32 0x06064b50, u64 44, u16, u16, u32 disks, u64 entries twice, central size, offset
//   locator:  u32 0x07064b50, disk, u64 offset of end64, u32 disks        (end64 and locator or
//   none) end:      u32 0x06054b50, u16 disks, entries twice, u32 central size, offset, u16 0
//
// The parts must follow each other in this order and cover the file, so that no byte has a second
// meaning; what both headers of a member say must agree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

struct ZipMember {
  std::string name;
  std::uint64_t offset = 0;  // of its data, bytes from the beginning of the file
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
};

/// All members in file order; folders (names that end in '/') are left out. Data is not read.
/// Errors name the byte and the member: truncated (no end record), trailing_bytes (something behind
/// it, a comment), malformed (headers that disagree, names that are not UTF-8 or would leave the
/// folder: unsafe_path), duplicate, overlap, hole, too_large (2^20 members, a central directory
/// above 128 MiB, names above 4096 bytes), unsupported (compressed, encrypted, several disks).
Result<std::vector<ZipMember>> read_zip_members(const source::ByteSource& source);

/// CRC-32 of `bytes` bytes from `offset`. Errors: those of reading.
Result<std::uint32_t> crc32_of(const source::ByteSource& source, std::uint64_t offset,
                               std::uint64_t bytes);

}  // namespace prov::format
