#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::source {

/// The files of one model that are not in a folder of this machine. Thread-safe.
class RemoteFolder {
 public:
  virtual ~RemoteFolder() = default;
  virtual bool contains(std::string_view name) const = 0;
  /// Error not_found if the folder does not contain `name`.
  virtual Result<std::unique_ptr<ByteSource>> open(std::string_view name) const = 0;
  /// Sorted.
  virtual std::vector<std::string> list() const = 0;
  /// Changes whenever one of the files does that were asked for so far; empty where the server
  /// gives nothing to tell by.
  virtual std::string identity() const = 0;
};

}  // namespace prov::source
