// Walks through a pickle inside a file, byte by byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

/// Most bytes that are read as pickles from one file.
inline constexpr std::uint64_t kMostPickleBytes = std::uint64_t{1} << 27;

/// Reads ahead by a buffer, never beyond `end`. Errors are truncated, or those of reading. Not
/// thread-safe.
class PickleCursor {
 public:
  /// `source` must outlive the cursor; begin <= end <= source.size(). `field` names the pickle in
  /// errors. Stops with too_large after kMostPickleBytes.
  PickleCursor(const source::ByteSource& source, std::uint64_t begin, std::uint64_t end,
               std::string field);

  std::uint64_t position() const { return position_; }
  std::uint64_t remaining() const { return end_ - position_; }
  void set_field(std::string_view field) { field_ = field; }

  Result<std::uint8_t> u8();
  /// A little-endian number of `width` bytes, at most 8.
  Result<std::uint64_t> number(unsigned width);
  /// Appends the next `length` bytes to `to`.
  Result<void> text(std::uint64_t length, std::string& to);
  /// The bytes up to the next line break, which is passed. Error too_large above `most` bytes.
  Result<std::string> line(std::size_t most);
  Result<void> skip(std::uint64_t length);

  /// An error at `offset` of the file.
  Error error(ErrorCode code, std::string message, std::uint64_t offset) const;

 private:
  Result<void> need(std::uint64_t length) const;
  Result<void> fill();

  const source::ByteSource& source_;
  std::uint64_t begin_, end_, position_;
  std::vector<std::byte> buffer_;
  std::uint64_t buffer_begin_ = 0;
  std::string field_;
};

}  // namespace prov::format
