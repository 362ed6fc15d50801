#include "source/http/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "base/try.hpp"
#include "source/http/exchange.hpp"
#include "source/http/transfers.hpp"

namespace prov::source {
namespace {

constexpr int kMostRedirects = 8;
constexpr std::chrono::milliseconds kLongestDelay{8000};

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_passing(long status) {
  constexpr long kPassing[] = {408, 429, 500, 502, 503, 504};
  return std::ranges::find(kPassing, status) != std::end(kPassing);
}

/// Of connections, not of what was asked: worth another try.
bool is_passing(CURLcode result) {
  constexpr CURLcode kPassing[] = {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
                                   CURLE_OPERATION_TIMEDOUT,   CURLE_PARTIAL_FILE,
                                   CURLE_GOT_NOTHING,          CURLE_SEND_ERROR,
                                   CURLE_RECV_ERROR,           CURLE_HTTP2,
                                   CURLE_HTTP2_STREAM,         CURLE_SSL_CONNECT_ERROR};
  return std::ranges::find(kPassing, result) != std::end(kPassing);
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "bytes 5-9/100". The total may be "*".
struct ContentRange {
  std::uint64_t first = 0, last = 0;
  std::optional<std::uint64_t> total;
};

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  if (!text.starts_with(kUnit)) return std::nullopt;
  text.remove_prefix(kUnit.size());
  const std::size_t dash = text.find('-'), slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || dash > slash)
    return std::nullopt;
  const auto first = number(text.substr(0, dash));
  const auto last = number(text.substr(dash + 1, slash - dash - 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return ContentRange{*first, *last, number(text.substr(slash + 1))};
}

/// Behind a proxy the other end of every connection is the proxy.
bool has_proxy() {
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return true;
  }
  return false;
}

Error failure(const Address& address, ErrorCode code, std::string message, std::string hint = {}) {
  return {.code = code,
          .message = std::move(message),
          .file = address.shown(),
          .hint = std::move(hint)};
}

/// An ETag without "W/" and quotes: hosts of one network write the same one in both ways.
std::string bare_tag(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"')
    tag = tag.substr(1, tag.size() - 2);
  return std::string(tag);
}

/// An answer of 2xx to a request for the rest of `request.range`, of which `reply` has a part. One
/// of 200 is the file from its start.
Result<void> check_range(const ByteRange& wanted, const Answer& answer, HttpReply& reply) {
  if (answer.status == 200) {
    if (wanted.begin == 0) return {};
    return failure(reply.address, ErrorCode::unsupported, "the server sends whole files, not parts",
                   "download the model and name its folder");
  }
  const auto header = answer.headers.find("content-range");
  const auto range =
      header == answer.headers.end() ? std::nullopt : parse_content_range(header->second);
  if (answer.status != 206 || !range || range->first != wanted.begin ||
      range->last - range->first >= wanted.count) {
    return failure(
        reply.address, ErrorCode::malformed,
        fmt::format("asked for bytes {}-{}, the server answers {} with Content-Range \"{}\"",
                    wanted.begin, wanted.end() - 1, answer.status,
                    header == answer.headers.end() ? "" : header->second));
  }
  const auto tag = answer.headers.find("etag");
  const std::string etag = tag == answer.headers.end() ? "" : bare_tag(tag->second);
  const bool resumed = !reply.body.empty();
  if (resumed && (reply.etag != etag || reply.total != range->total))
    return failure(reply.address, ErrorCode::changed_while_read,
                   "the file changed between two parts of one answer");
  reply.etag = etag;
  reply.total = range->total;
  return {};
}

}  // namespace

std::string HttpReply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

struct HttpClient::Pool {
  std::mutex mutex;
  std::vector<CURL*> idle;

  /// Null if there is no memory for one.
  CURL* take() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return curl_easy_init();
    CURL* handle = idle.back();
    idle.pop_back();
    return handle;
  }
  void give_back(CURL* handle) {
    const std::lock_guard lock(mutex);
    if (handle != nullptr) idle.push_back(handle);
  }
  ~Pool() {
    for (CURL* handle : idle) curl_easy_cleanup(handle);
  }
};

HttpClient::HttpClient(HttpOptions options)
    : options_(std::move(options)), pool_(std::make_unique<Pool>()) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(initialised);
}

HttpClient::~HttpClient() = default;

namespace {

/// One try: the answer at the end of all redirects. What it brings of the body is appended to the
/// reply even if it breaks off.
class Try {
 public:
  Try(CURL* handle, const HttpOptions& options, const HttpRequest& request, HttpReply& reply)
      : handle_(handle), options_(options), request_(request), reply_(reply) {}

  Result<Answer> run() {
    Address address = request_.address;
    bool public_so_far = request_.public_hosts_only;
    const bool by_proxy = has_proxy();
    for (int hop = 0; hop <= kMostRedirects; ++hop) {
      Answer answer = exchange(handle_, question(address, public_so_far && !by_proxy));
      const bool into_private = answer.private_peer && public_so_far && !by_proxy;
      if (into_private || answer.refused_private)
        return failure(address, ErrorCode::malformed, "a redirect leads into a private network");
      for (const auto& [name, value] : answer.headers) reply_.headers[name] = value;
      reply_.status = answer.status;
      reply_.address = address;
      reply_.from_public_host = public_so_far || (!answer.private_peer && !by_proxy);
      if (answer.result != CURLE_OK || !is_redirect(answer.status)) return answer;
      const auto location = answer.headers.find("location");
      if (location == answer.headers.end()) return answer;
      PROV_TRY(Address next, follow(address, location->second));
      if (address.scheme == "https" && next.scheme != "https")
        return failure(next, ErrorCode::malformed, "a redirect leads from https to http");
      public_so_far = reply_.from_public_host;
      address = std::move(next);
    }
    return failure(request_.address, ErrorCode::malformed,
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

  CURL* handle_;
  const HttpOptions& options_;
  const HttpRequest& request_;
  HttpReply& reply_;
};

std::chrono::milliseconds wait_before(const HttpOptions& options, unsigned tried,
                                      const HttpReply& reply) {
  const auto seconds = number(reply.header("retry-after"));
  if (seconds) {
    const auto longest = static_cast<std::uint64_t>(options.longest_wait.count()) / 1000;
    return std::chrono::milliseconds(1000 * std::min(*seconds, longest));
  }
  const auto doubled = options.first_delay * (1U << std::min(tried, 10U));
  return std::min<std::chrono::milliseconds>(doubled, kLongestDelay);
}

/// Ends early when the user waits no longer.
void pause(std::chrono::milliseconds time) {
  constexpr std::chrono::milliseconds kSlice{50};
  for (; time.count() > 0 && !transfers().stopped; time -= kSlice)
    std::this_thread::sleep_for(std::min(time, kSlice));
}

/// What one more try has brought.
enum class Progress { complete, some, none, refused };  // refused: trying again is no use

/// Adds to `reply` what one try brings. `problem`: libcurl's words, should the connection have
/// broken.
Result<Progress> try_once(CURL* handle, const HttpOptions& options, const HttpRequest& request,
                          HttpReply& reply, std::string& problem) {
  reply.headers.clear();
  if (!request.range || reply.status == 200) reply.body.clear();  // it starts anew
  const ByteRange wanted = request.range ? ByteRange{request.range->begin + reply.body.size(),
                                                     request.range->count - reply.body.size()}
                                         : ByteRange{0, request.limit};
  PROV_TRY(const Answer answer, Try(handle, options, request, reply).run());
  const bool delivered = answer.result == CURLE_OK;
  problem = delivered ? std::string() : answer.failure;
  const bool is_success = answer.status >= 200 && answer.status < 300;
  if (!is_success) {
    if (delivered && !is_passing(answer.status)) return Progress::complete;
    const bool again = delivered || is_passing(answer.result);
    return again ? Progress::none : Progress::refused;
  }
  if (request.range) PROV_CHECK(check_range(wanted, answer, reply));
  reply.body.insert(reply.body.end(), answer.body.begin(), answer.body.end());
  const bool whole_range = request.range && reply.body.size() == request.range->count;
  if (whole_range && (!answer.too_long || answer.status == 200)) return Progress::complete;
  if (answer.too_long)
    return failure(reply.address, ErrorCode::too_large,
                   fmt::format("more than {} bytes", wanted.count));
  if (delivered && !request.range) return Progress::complete;
  if (!delivered && !is_passing(answer.result)) return Progress::refused;
  return answer.body.empty() ? Progress::none : Progress::some;
}

}  // namespace

Result<HttpReply> HttpClient::get(const HttpRequest& request) const {
  constexpr unsigned kMostTries = 1000;
  const std::unique_ptr<CURL, std::function<void(CURL*)>> handle(
      pool_->take(), [this](CURL* used) { pool_->give_back(used); });
  if (!handle) return failure(request.address, ErrorCode::io, "no memory for a connection");
  HttpReply reply;
  std::string problem;
  unsigned in_vain = 0;
  for (unsigned tried = 1;; ++tried) {
    if (transfers().stopped)
      return failure(request.address, ErrorCode::cancelled, "stopped while it was fetched");
    PROV_TRY(const Progress progress, try_once(handle.get(), options_, request, reply, problem));
    if (progress == Progress::complete) return reply;
    in_vain = progress == Progress::some ? 0 : in_vain + 1;
    if (progress == Progress::refused || in_vain >= options_.tries || tried >= kMostTries) break;
    pause(wait_before(options_, in_vain, reply));
  }
  if (transfers().stopped)
    return failure(request.address, ErrorCode::cancelled, "stopped while it was fetched");
  if (!problem.empty()) {
    return failure(reply.address, ErrorCode::io, problem,
                   "is the network there? --offline uses what is on this machine");
  }
  if (reply.status >= 300) return reply;  // refused to the last
  return failure(reply.address, ErrorCode::truncated,
                 fmt::format("{} bytes came of {}", reply.body.size(), request.range->count));
}

}  // namespace prov::source
