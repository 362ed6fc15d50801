#include "provenancekit/network.hpp"

#include "source/http/transfers.hpp"
#include "source/hub/environment.hpp"
#include "source/snapshot.hpp"

namespace prov {

NetworkUse network_use() {
  const source::Transfers& counters = source::transfers();
  return {counters.requests, counters.bytes, counters.available};
}

std::string mirror_with_token() {
  if (!source::transfers().told_token) return {};
  const std::string endpoint = source::hub_endpoint();
  return endpoint == source::kHub ? std::string() : endpoint;
}

void stop_fetching() { source::transfers().stopped = true; }

void go_offline() { source::transfers().forbidden = true; }

bool is_remote_model(std::string_view reference) {
  const Result<source::Snapshot> snapshot = source::locate(reference);
  return snapshot && snapshot->remote != nullptr;
}

}  // namespace prov
