#include "source/http/redirects.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "base/try.hpp"

namespace prov::source {
namespace {

constexpr int kMostRedirects = 8;

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Behind a proxy the other end of every connection is the proxy.
bool has_proxy() {
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return true;
  }
  return false;
}

class Asker {
 public:
  Asker(const Connection& connection, const HttpOptions& options, const HttpRequest& request, HttpReply& reply)
      : connection_(connection), options_(options), request_(request), reply_(reply) {}

  Result<Answer> run() {
    Address address = request_.address;
    bool public_so_far = request_.public_hosts_only;
    const bool by_proxy = has_proxy();
    for (int hop = 0; hop <= kMostRedirects; ++hop) {
      Answer answer = exchange(connection_, question(address, public_so_far && !by_proxy));
      const bool into_private = answer.private_peer && public_so_far && !by_proxy;
      if (into_private || answer.refused_private)
        return error_at(address, ErrorCode::malformed, "a redirect leads into a private network");
      for (const auto& [name, value] : answer.headers) reply_.headers[name] = value;
      reply_.status = answer.status;
      reply_.address = address;
      reply_.from_public_host = public_so_far || (!answer.private_peer && !by_proxy);
      if (answer.result != CURLE_OK || !is_redirect(answer.status)) return answer;
      const auto location = answer.headers.find("location");
      if (location == answer.headers.end()) return answer;
      PROV_TRY(Address next, follow(address, location->second));
      if (address.scheme == "https" && next.scheme != "https")
        return error_at(next, ErrorCode::malformed, "a redirect leads from https to http");
      public_so_far = reply_.from_public_host;
      address = std::move(next);
    }
    return error_at(request_.address, ErrorCode::malformed,
                    fmt::format("more than {} redirects", kMostRedirects));
  }

 private:
  Question question(const Address& address, bool public_hosts_only) const {
    Question question{.address = address,
                      .range = request_.range,
                      .limit = request_.limit,
                      .token = {},
                      .public_hosts_only = public_hosts_only,
                      .stall = options_.stall};
    if (address.origin() == options_.token_origin) question.token = options_.token;
    if (request_.range) {
      question.range->begin += reply_.body.size();
      question.range->count -= reply_.body.size();
      question.limit = question.range->count;
    }
    return question;
  }

  const Connection& connection_;
  const HttpOptions& options_;
  const HttpRequest& request_;
  HttpReply& reply_;
};

}  // namespace

Result<Answer> ask_along_redirects(const Connection& connection, const HttpOptions& options,
                                   const HttpRequest& request, HttpReply& reply) {
  return Asker(connection, options, request, reply).run();
}

}  // namespace prov::source
