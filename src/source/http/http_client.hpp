// GET over HTTP as this tool needs it: ranges, bounded bodies, retries that go on where the last
// try broke off, and a token that is told to one origin only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"
#include "source/http/address.hpp"

namespace prov::source {

struct HttpOptions {
  std::string token;                              // sent as "Authorization: Bearer"; empty: none
  std::string token_origin;                       // Address::origin() that may see it
  unsigned tries = 6;                             // that bring nothing, one after the other
  std::chrono::milliseconds first_delay{500};     // doubled after every try, at most 8 s
  std::chrono::milliseconds longest_wait{60000};  // of a Retry-After
  std::chrono::seconds stall{30};                 // no byte for so long ends a try
};

struct HttpRequest {
  Address address;
  std::optional<ByteRange> range;  // not empty
  std::uint64_t limit = 0;         // a longer body is an error; with a range, its count counts
  bool public_hosts_only = false;  // the address came from a public host
};

struct HttpReply {
  long status = 0;
  Address address;                             // after all redirects
  std::map<std::string, std::string> headers;  // of all answers on the way, names in lower case,
                                               // the last one that gives a header counts
  std::vector<std::byte> body;
  std::string etag;                    // of the host that sent the body, without W/ and quotes
  std::optional<std::uint64_t> total;  // size of the whole file, of Content-Range

  bool from_public_host = false;  // or by way of one

  std::string header(const std::string& name) const;
};

/// Thread-safe; each thread that asks at one time has a connection of its own, kept for the next.
class HttpClient {
 public:
  explicit HttpClient(HttpOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Follows up to 8 redirects, never from https to http and never from a public host into a
  /// private network. Repeats on 408, 429, 500, 502, 503, 504, broken connections and short bodies,
  /// with back-off, or as Retry-After says. A status of 300 and more is no error here. With a
  /// range, the body of a 2xx reply is that range. Errors: io (no connection), cancelled
  /// (transfers().stopped), changed_while_read (parts of two versions), truncated, too_large,
  /// malformed (a redirect that is not followed, a Content-Range that is not what was asked),
  /// unsupported (the server ignores ranges).
  Result<HttpReply> get(const HttpRequest& request) const;

 private:
  struct Pool;
  HttpOptions options_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace prov::source
