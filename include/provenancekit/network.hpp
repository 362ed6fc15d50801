// Models that are not on this machine: whether the network may be used, and how much it was.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace prov {

/// What this process has fetched so far.
struct NetworkUse {
  std::uint64_t requests = 0;   // redirects and repeated tries included
  std::uint64_t bytes = 0;      // of bodies
  std::uint64_t available = 0;  // size of all remote files that were opened
};

/// Thread-safe.
NetworkUse network_use();

/// The address of HF_ENDPOINT if that is not the Hub itself and was sent the user's token, else "".
/// Thread-safe.
std::string mirror_with_token();

/// What is being fetched now, and all that would be later, fails with `cancelled`, waits included.
/// Thread-safe; cannot be taken back.
void stop_fetching();

/// From now on only this machine is looked at, as with HF_HUB_OFFLINE=1: what is in the Hub's cache
/// is found there, all else is not_found. Thread-safe; cannot be taken back.
void go_offline();

/// True if a reference (docs/sources.md) leads to files that are not on this machine. May ask the
/// network. Thread-safe.
bool is_remote_model(std::string_view reference);

}  // namespace prov
