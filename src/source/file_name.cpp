#include "source/file_name.hpp"

namespace prov::source {

bool is_plain_file_name(std::string_view name) {
  constexpr std::string_view kForbidden("/\\\0", 3);
  if (name.empty() || name == "." || name == "..") return false;
  if (name.find_first_of(kForbidden) != std::string_view::npos) return false;
  const bool has_drive_letter = name.size() >= 2 && name[1] == ':';
  return !has_drive_letter;
}

bool is_fingerprint_file(std::string_view name) { return name.ends_with(".fp"); }

}  // namespace prov::source
