#pragma once

#include <cstdint>
#include <string_view>

namespace prov {

/// Receives how far long work has come. Calls come from several threads at once: an implementation
/// must be thread-safe. The library itself never prints.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A new phase begins, e.g. "reading model A". The view is valid during the call only.
  virtual void phase(std::string_view name) = 0;
  /// `bytes` more will have to be read.
  virtual void expect(std::uint64_t bytes) = 0;
  /// `bytes` more have been read.
  virtual void advance(std::uint64_t bytes) = 0;
};

}  // namespace prov
