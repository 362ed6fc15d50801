#include "format/gguf_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/checked_math.hpp"
#include "base/try.hpp"

namespace prov::format {

GgufCursor::GgufCursor(const source::ByteSource& source, std::uint64_t limit)
    : source_(source), limit_(limit) {}

Error GgufCursor::error(ErrorCode code, std::string message) const {
  return {.code = code,
          .message = std::move(message),
          .file = source_.name(),
          .offset = position_,
          .field = field_,
          .hint = code == ErrorCode::truncated ? "incomplete download?" : ""};
}

Result<void> GgufCursor::fill() {
  constexpr std::uint64_t kReadAhead = std::uint64_t{1} << 16;
  buffer_.resize(static_cast<std::size_t>(std::min(kReadAhead, remaining())));
  buffer_begin_ = position_;
  return source_.read(position_, buffer_);
}

Result<void> GgufCursor::read(std::span<std::byte> out) {
  if (out.size() > remaining()) {
    return error(ErrorCode::truncated,
                 fmt::format("{} bytes are needed, the file has {}", out.size(), remaining()));
  }
  if (position_ + out.size() > limit_) {
    return error(ErrorCode::too_large, fmt::format("a header of more than {} bytes", limit_));
  }
  while (!out.empty()) {
    if (position_ >= buffer_begin_ + buffer_.size()) PROV_CHECK(fill());
    const auto at = static_cast<std::size_t>(position_ - buffer_begin_);
    const std::size_t count = std::min(out.size(), buffer_.size() - at);
    std::ranges::copy(std::span(buffer_).subspan(at, count), out.begin());
    out = out.subspan(count);
    position_ += count;
  }
  return {};
}

Result<std::uint64_t> GgufCursor::number(unsigned width) {
  std::array<std::byte, 8> storage{};
  const std::span<std::byte> bytes = std::span(storage).first(width);
  PROV_CHECK(read(bytes));
  if (writing_.big_endian) std::ranges::reverse(bytes);
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | std::to_integer<unsigned>(bytes[i]);
  return value;
}

Result<std::uint32_t> GgufCursor::u32() {
  PROV_TRY(const std::uint64_t value, number(4));
  return static_cast<std::uint32_t>(value);
}

Result<std::uint64_t> GgufCursor::u64() { return number(8); }

Result<std::uint64_t> GgufCursor::size() { return number(writing_.narrow() ? 4 : 8); }

Result<std::uint64_t> GgufCursor::count(std::uint64_t least_bytes) {
  PROV_TRY(const std::uint64_t value, size());
  if (value > remaining() / least_bytes) {
    return error(ErrorCode::truncated, fmt::format("{} entries of at least {} bytes in {} bytes",
                                                   value, least_bytes, remaining()));
  }
  return value;
}

Result<std::string> GgufCursor::text(std::uint64_t most_bytes) {
  PROV_TRY(const std::uint64_t length, size());
  if (length > remaining()) {
    return error(ErrorCode::truncated,
                 fmt::format("a text of {} bytes, the file has {}", length, remaining()));
  }
  if (length > most_bytes) {
    return error(ErrorCode::too_large,
                 fmt::format("a text of {} bytes, at most {} are read", length, most_bytes));
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  PROV_CHECK(read(std::as_writable_bytes(std::span(text))));
  return text;
}

Result<std::vector<std::byte>> GgufCursor::numbers(std::uint64_t elements, unsigned width) {
  const auto bytes = base::checked_multiply(elements, width);
  if (!bytes || *bytes > remaining()) {
    return error(ErrorCode::truncated, fmt::format("{} elements of {} bytes, the file has {}",
                                                   elements, width, remaining()));
  }
  if (*bytes > limit_) {
    return error(ErrorCode::too_large, fmt::format("an array of {} bytes", *bytes));
  }
  std::vector<std::byte> packed(static_cast<std::size_t>(*bytes));
  PROV_CHECK(read(packed));
  for (std::size_t at = 0; writing_.big_endian && at < packed.size(); at += width)
    std::ranges::reverse(std::span(packed).subspan(at, width));
  return packed;
}

}  // namespace prov::format
