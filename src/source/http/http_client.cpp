#include "source/http/http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "base/try.hpp"
#include "source/http/partial_content.hpp"
#include "source/http/redirects.hpp"
#include "source/http/transfers.hpp"
#include "source/http/whole_number.hpp"

namespace prov::source {
namespace {

constexpr std::chrono::milliseconds kLongestDelay{8000};

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

std::chrono::milliseconds wait_before(const HttpOptions& options, unsigned tried,
                                      const HttpReply& reply) {
  const auto seconds = whole_number(reply.header("retry-after"));
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
Result<Progress> try_once(const Connection& connection, const HttpOptions& options, const HttpRequest& request,
                          HttpReply& reply, std::string& problem) {
  reply.headers.clear();
  if (!request.range || reply.status == 200) reply.body.clear();  // it starts anew
  const ByteRange wanted = request.range ? ByteRange{request.range->begin + reply.body.size(),
                                                     request.range->count - reply.body.size()}
                                         : ByteRange{0, request.limit};
  PROV_TRY(const Answer answer, ask_along_redirects(connection, options, request, reply));
  const bool delivered = answer.result == CURLE_OK;
  problem = delivered ? std::string() : answer.failure;
  const bool is_success = answer.status >= 200 && answer.status < 300;
  if (!is_success) {
    if (delivered && !is_passing(answer.status)) return Progress::complete;
    const bool again = delivered || is_passing(answer.result);
    return again ? Progress::none : Progress::refused;
  }
  if (request.range) PROV_CHECK(check_partial_content(wanted, answer, reply));
  reply.body.insert(reply.body.end(), answer.body.begin(), answer.body.end());
  const bool whole_range = request.range && reply.body.size() == request.range->count;
  if (whole_range && (!answer.too_long || answer.status == 200)) return Progress::complete;
  if (answer.too_long)
    return error_at(reply.address, ErrorCode::too_large,
                    fmt::format("more than {} bytes", wanted.count));
  if (delivered && !request.range) return Progress::complete;
  if (!delivered && !is_passing(answer.result)) return Progress::refused;
  return answer.body.empty() ? Progress::none : Progress::some;
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
  CURL* take(const CurlLibrary& curl) {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return curl.easy_init();
    CURL* handle = idle.back();
    idle.pop_back();
    return handle;
  }
  void give_back(CURL* handle) {
    const std::lock_guard lock(mutex);
    if (handle != nullptr) idle.push_back(handle);
  }
  ~Pool() {
    if (idle.empty()) return;
    const Result<const CurlLibrary*> curl = curl_library();
    for (CURL* handle : idle) (*curl)->easy_cleanup(handle);
  }
};

HttpClient::HttpClient(HttpOptions options)
    : options_(std::move(options)), pool_(std::make_unique<Pool>()) {}

HttpClient::~HttpClient() = default;

Result<HttpReply> HttpClient::get(const HttpRequest& request) const {
  constexpr unsigned kMostTries = 1000;
  PROV_TRY(const CurlLibrary* curl, curl_library());
  const std::unique_ptr<CURL, std::function<void(CURL*)>> handle(
      pool_->take(*curl), [this](CURL* used) { pool_->give_back(used); });
  if (!handle) return error_at(request.address, ErrorCode::io, "no memory for a connection");
  HttpReply reply;
  std::string problem;
  unsigned in_vain = 0;
  for (unsigned tried = 1;; ++tried) {
    if (transfers().stopped)
      return error_at(request.address, ErrorCode::cancelled, "stopped while it was fetched");
    PROV_TRY(const Progress progress, try_once({*curl, handle.get()}, options_, request, reply, problem));
    if (progress == Progress::complete) return reply;
    in_vain = progress == Progress::some ? 0 : in_vain + 1;
    if (progress == Progress::refused || in_vain >= options_.tries || tried >= kMostTries) break;
    pause(wait_before(options_, in_vain, reply));
  }
  if (transfers().stopped)
    return error_at(request.address, ErrorCode::cancelled, "stopped while it was fetched");
  if (!problem.empty()) {
    return error_at(reply.address, ErrorCode::io, problem,
                    "is the network there? --offline uses what is on this machine");
  }
  if (reply.status >= 300) return reply;  // refused to the last
  return error_at(reply.address, ErrorCode::truncated,
                  fmt::format("{} bytes came of {}", reply.body.size(), request.range->count));
}

}  // namespace prov::source
