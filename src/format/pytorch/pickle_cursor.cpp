#include "format/pytorch/pickle_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"

namespace prov::format {

PickleCursor::PickleCursor(const source::ByteSource& source, std::uint64_t begin, std::uint64_t end,
                           std::string field)
    : source_(source), begin_(begin), end_(end), position_(begin), field_(std::move(field)) {}

Error PickleCursor::error(ErrorCode code, std::string message, std::uint64_t offset) const {
  return {.code = code,
          .message = std::move(message),
          .file = source_.name(),
          .offset = offset,
          .field = field_,
          .hint = code == ErrorCode::truncated ? "incomplete download?" : ""};
}

Result<void> PickleCursor::need(std::uint64_t length) const {
  if (length > remaining()) {
    return error(ErrorCode::truncated,
                 fmt::format("{} bytes are needed, the pickle has {}", length, remaining()),
                 position_);
  }
  if (position_ - begin_ + length > kMostPickleBytes) {
    return error(ErrorCode::too_large,
                 fmt::format("a pickle of more than {} bytes", kMostPickleBytes), position_);
  }
  return {};
}

Result<void> PickleCursor::fill() {
  constexpr std::uint64_t kReadAhead = std::uint64_t{1} << 16;
  const std::uint64_t buffer_end = buffer_begin_ + buffer_.size();
  if (position_ >= buffer_begin_ && position_ < buffer_end) return {};
  buffer_.resize(static_cast<std::size_t>(std::min(kReadAhead, remaining())));
  buffer_begin_ = position_;
  return source_.read(position_, buffer_);
}

Result<std::uint8_t> PickleCursor::u8() {
  PROV_CHECK(need(1));
  PROV_CHECK(fill());
  return std::to_integer<std::uint8_t>(
      buffer_[static_cast<std::size_t>(position_++ - buffer_begin_)]);
}

Result<std::uint64_t> PickleCursor::number(unsigned width) {
  PROV_CHECK(need(width));
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) {
    PROV_TRY(const std::uint64_t byte, u8());
    value |= byte << (8 * i);
  }
  return value;
}

Result<void> PickleCursor::text(std::uint64_t length, std::string& to) {
  PROV_CHECK(need(length));
  while (length > 0) {
    PROV_CHECK(fill());
    const auto at = static_cast<std::size_t>(position_ - buffer_begin_);
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(length, buffer_.size() - at));
    for (const std::byte byte : std::span(buffer_).subspan(at, count))
      to.push_back(static_cast<char>(byte));
    position_ += count;
    length -= count;
  }
  return {};
}

Result<std::string> PickleCursor::line(std::size_t most) {
  const std::uint64_t begin = position_;
  std::string line;
  for (;;) {
    PROV_TRY(const std::uint8_t byte, u8());
    if (byte == '\n') return line;
    if (line.size() == most)
      return error(ErrorCode::too_large, fmt::format("a line of more than {} bytes", most), begin);
    line.push_back(static_cast<char>(byte));
  }
}

Result<void> PickleCursor::skip(std::uint64_t length) {
  PROV_CHECK(need(length));
  position_ += length;
  return {};
}

}  // namespace prov::format
