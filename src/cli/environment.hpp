// What the environment says: read once, passed on as a value.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::cli {

class Environment {
 public:
  Environment() = default;
  /// `entries` as POSIX `environ`: "NAME=value" texts, the last one null.
  explicit Environment(const char* const* entries);

  /// The value of `name`; nothing where it is unset. An empty value is a value.
  std::optional<std::string> get(std::string_view name) const;
  /// True where `name` is set to anything but the empty text.
  bool is_set(std::string_view name) const;
  /// PROVENANCEKIT_<name> in any mix of cases; of several spellings the last entry counts.
  std::optional<std::string> setting(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, std::string, std::less<>> settings_;  // upper-case name without prefix
};

/// The settings of the published kit that this version acts on.
struct Settings {
  unsigned anchor_k = 64;
  unsigned wvc_subsample = 4096;
  std::int64_t scan_top_k = 3;  // any number: only `scan` knows its range
  double scan_threshold = 0.5;  // finite, else as above
  bool trust_remote_code = false;
};

/// Reads PROVENANCEKIT_* and checks each known name, also those that later versions act on. Unknown
/// names are left alone. Error invalid_argument names the variable, its value and what is allowed.
Result<Settings> read_settings(const Environment& environment);

}  // namespace prov::cli
