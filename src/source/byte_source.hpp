#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "provenancekit/result.hpp"

namespace prov::source {

/// Bytes `begin` to `begin + count`, which is not one of them.
struct ByteRange {
  std::uint64_t begin = 0, count = 0;
  std::uint64_t end() const { return begin + count; }
};

/// Immutable bytes with a name. All methods are thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Path or URL as the user knows it; used in every error.
  virtual const std::string& name() const = 0;
  /// Size in bytes when the source was opened.
  virtual std::uint64_t size() const = 0;
  /// Fills `out` from `offset`. Errors: out_of_range beyond size(), changed_while_read when the
  /// bytes are no longer there, io.
  virtual Result<void> read(std::uint64_t offset, std::span<std::byte> out) const = 0;
  /// Says what will be read soon, so that a remote source can fetch it in few requests, several at
  /// a time. A hint: it cannot fail, and reading without it gives the same bytes.
  virtual void expect(std::span<const ByteRange>) const {}
  /// Error changed_while_read if what lies behind the source is no longer what was opened. Called
  /// after the last read.
  virtual Result<void> verify_unchanged() const = 0;
};

/// A local file, read with positional reads: a file that is cut short while it is read is an error,
/// where a mapped page would kill the process (SIGBUS). Errors: not_found, io, invalid_argument for
/// anything but a regular file.
Result<std::unique_ptr<ByteSource>> open_local_file(const std::string& path);

/// Bytes in memory, copied; for tests, fuzz targets and callers that hold the data.
std::unique_ptr<ByteSource> from_memory(std::string name, std::vector<std::byte> bytes);

/// The whole source as text. Error too_large above `limit` bytes, before anything is allocated.
Result<std::string> read_all(const ByteSource& source, std::uint64_t limit);

}  // namespace prov::source
