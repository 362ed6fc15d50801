// Walks through the header of a GGUF file, number by number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

/// How this file writes numbers.
struct GgufWriting {
  std::uint32_t version = 3;
  bool big_endian = false;
  /// Counts, lengths and dimensions are u32 in version 1, u64 since.
  bool narrow() const { return version == 1; }
};

/// Reads ahead by a buffer, never beyond the file. Errors are truncated (naming `field`), or those
/// of reading. Not thread-safe.
class GgufCursor {
 public:
  /// `source` must outlive the cursor. Stops after `limit` bytes with too_large.
  GgufCursor(const source::ByteSource& source, std::uint64_t limit);

  std::uint64_t position() const { return position_; }
  std::uint64_t remaining() const { return source_.size() - position_; }
  void set_writing(GgufWriting writing) { writing_ = writing; }
  void set_field(std::string_view field) { field_ = field; }

  Result<std::uint32_t> u32();
  Result<std::uint64_t> u64();
  /// A count, a length or a dimension.
  Result<std::uint64_t> size();
  /// A count of things of at least `least_bytes` each: truncated where the file cannot hold them.
  Result<std::uint64_t> count(std::uint64_t least_bytes);
  /// Length and bytes; error too_large above `most_bytes`.
  Result<std::string> text(std::uint64_t most_bytes);
  /// `elements` numbers of `width` bytes, turned to little-endian.
  Result<std::vector<std::byte>> numbers(std::uint64_t elements, unsigned width);

  Error error(ErrorCode code, std::string message) const;

 private:
  Result<void> read(std::span<std::byte> out);
  Result<void> fill();
  Result<std::uint64_t> number(unsigned width);

  const source::ByteSource& source_;
  std::uint64_t limit_;
  std::uint64_t position_ = 0;
  std::vector<std::byte> buffer_;
  std::uint64_t buffer_begin_ = 0;
  GgufWriting writing_;
  std::string field_;
};

}  // namespace prov::format
