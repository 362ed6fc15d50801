#include "source/byte_source.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace prov::source {

Result<std::string> read_all(const ByteSource& source, std::uint64_t limit) {
  if (source.size() > limit) {
    return Error{.code = ErrorCode::too_large,
                 .message = fmt::format("{} bytes, at most {} are read", source.size(), limit),
                 .file = source.name()};
  }
  std::string text(static_cast<std::size_t>(source.size()), '\0');
  PROV_CHECK(source.read(0, std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace prov::source
