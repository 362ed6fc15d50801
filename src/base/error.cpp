#include <fmt/format.h>

#include "base/printable.hpp"
#include "provenancekit/result.hpp"

namespace prov {

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::io:
      return "io";
    case ErrorCode::changed_while_read:
      return "changed_while_read";
    case ErrorCode::truncated:
      return "truncated";
    case ErrorCode::trailing_bytes:
      return "trailing_bytes";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::duplicate:
      return "duplicate";
    case ErrorCode::out_of_range:
      return "out_of_range";
    case ErrorCode::overlap:
      return "overlap";
    case ErrorCode::hole:
      return "hole";
    case ErrorCode::size_mismatch:
      return "size_mismatch";
    case ErrorCode::unsafe_path:
      return "unsafe_path";
    case ErrorCode::unsafe_code:
      return "unsafe_code";
    case ErrorCode::not_weights:
      return "not_weights";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::string Error::to_string() const {
  std::string text;
  if (!file.empty()) text += base::printable(file) + ": ";
  text += base::printable(message);
  if (!field.empty() && offset) {
    text += fmt::format(" (field {}, byte {})", base::printable(field), *offset);
  } else if (!field.empty()) {
    text += fmt::format(" (field {})", base::printable(field));
  } else if (offset) {
    text += fmt::format(" (byte {})", *offset);
  }
  if (!hint.empty()) text += "; " + base::printable(hint);
  return text;
}

}  // namespace prov
