// What this process has fetched over the network so far, and whether it may.
#pragma once

#include <atomic>
#include <cstdint>

namespace prov::source {

struct Transfers {
  std::atomic<std::uint64_t> requests{0};   // answers, redirects and repeated tries included
  std::atomic<std::uint64_t> bytes{0};      // of bodies
  std::atomic<std::uint64_t> available{0};  // size of all remote files that were opened
  std::atomic<bool> forbidden{false};       // the user wants no network
  std::atomic<bool> told_token{false};      // to the host that may see it
  std::atomic<bool> stopped{false};         // the user waits no longer
};

/// One for the process: models are opened deep inside. Thread-safe.
Transfers& transfers();

}  // namespace prov::source
