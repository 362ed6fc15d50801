// Where a zip archive's central directory lies.
#pragma once

#include <cstdint>
#include <span>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

/// The little-endian number of `width` bytes (at most 8) at `at`.
std::uint64_t number_at(std::span<const std::byte> bytes, std::size_t at, unsigned width);

struct ZipCentralPlace {
  std::uint64_t offset = 0, bytes = 0;
  std::uint64_t entries = 0;
};

/// From the end record, with those of zip64 where they are there: the directory ends where they
/// begin. Errors: see zip_archive.hpp.
Result<ZipCentralPlace> find_zip_central(const source::ByteSource& source);

}  // namespace prov::format
