// One request and one answer through libcurl, without redirects and without second tries.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "source/http/address.hpp"
#include "source/http/curl_library.hpp"
#include "source/http/http_client.hpp"

namespace prov::source {

struct Question {
  const Address& address;
  std::optional<ByteRange> range;
  std::uint64_t limit = 0;
  std::string token;               // empty: none
  bool public_hosts_only = false;  // a redirect of a public host must not lead into a private net
  std::chrono::seconds stall{30};
};

struct Answer {
  CURLcode result = CURLE_OK;
  std::string failure;  // libcurl's words
  long status = 0;
  bool too_long = false;
  bool private_peer = false;                   // the host is in a private network or this machine
  bool refused_private = false;                // not connected to, because it is
  std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
  std::vector<std::byte> body;                 // of a status of 200 to 299; others are cut
};

/// What keeps a connection from one exchange to the next.
struct Connection {
  const CurlLibrary& curl;
  CURL* handle;
};

Answer exchange(const Connection& connection, const Question& question);

}  // namespace prov::source
