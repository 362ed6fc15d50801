#include "source/http/exchange.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "base/white_space.hpp"
#include "provenancekit/version.hpp"
#include "source/http/transfers.hpp"

namespace prov::source {
namespace {

bool is_private(const in_addr& address) {
  const std::uint32_t ip = ntohl(address.s_addr);
  const auto in = [&](std::uint32_t net, unsigned bits) { return (ip ^ net) >> (32 - bits) == 0; };
  // RFC 1122, 1918, 3927, 6598: this host, private networks, link-local, carrier networks.
  return in(0x00000000, 8) || in(0x7F000000, 8) || in(0x0A000000, 8) || in(0xAC100000, 12) ||
         in(0xC0A80000, 16) || in(0xA9FE0000, 16) || in(0x64400000, 10);
}

bool is_private(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    in_addr inner{};
    std::memcpy(&inner, address.s6_addr + 12, sizeof inner);
    return is_private(inner);
  }
  const bool unique_local = (address.s6_addr[0] & 0xFEU) == 0xFC;          // RFC 4193
  constexpr std::array<unsigned char, 12> kNat64 = {0, 0x64, 0xFF, 0x9B};  // RFC 6052
  const bool wraps_four =
      IN6_IS_ADDR_V4COMPAT(&address) || std::equal(kNat64.begin(), kNat64.end(), address.s6_addr);
  return IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_UNSPECIFIED(&address) ||
         IN6_IS_ADDR_LINKLOCAL(&address) || unique_local || wraps_four;
}

/// Of the address that libcurl is about to connect to.
bool is_private(const curl_sockaddr& peer) {
  const auto* bytes = static_cast<const void*>(&peer.addr);
  if (peer.family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, bytes, std::min<std::size_t>(sizeof four, peer.addrlen));
    return is_private(four.sin_addr);
  }
  if (peer.family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, bytes, std::min<std::size_t>(sizeof six, peer.addrlen));
    return is_private(six.sin6_addr);
  }
  return true;
}

/// Of the text that libcurl gives for the other end of a connection.
bool is_private(const char* address) {
  in_addr four{};
  in6_addr six{};
  if (address == nullptr) return false;
  if (::inet_pton(AF_INET, address, &four) == 1) return is_private(four);
  return ::inet_pton(AF_INET6, address, &six) == 1 && is_private(six);
}

struct Exchange {
  const Connection& connection;
  const Question& question;
  Answer answer;
  std::uint64_t passed_over = 0;  // bytes of bodies that say what went wrong
};

curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* peer) {
  auto& exchange = *static_cast<Exchange*>(data);
  if (exchange.question.public_hosts_only && is_private(*peer)) {
    exchange.answer.refused_private = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
}

std::size_t take_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  transfers().bytes += size;
  long status = 0;
  const auto& [curl, handle] = exchange.connection;
  curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status >= 300) {
    constexpr std::uint64_t kMostPassedOver = 1U << 20U;
    exchange.passed_over += size;
    return exchange.passed_over <= kMostPassedOver ? size : 0;
  }
  std::vector<std::byte>& body = exchange.answer.body;
  const std::uint64_t room = exchange.question.limit - body.size();
  if (size > room) exchange.answer.too_long = true;
  const auto bytes = std::as_bytes(std::span(data, std::min<std::uint64_t>(size, room)));
  body.insert(body.end(), bytes.begin(), bytes.end());
  return exchange.answer.too_long ? 0 : size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) exchange.answer.headers.clear();  // of a proxy, or a 1xx answer
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || exchange.answer.headers.size() > 200) return size;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const std::string_view value = base::trimmed(line.substr(colon + 1));
  std::string& joined = exchange.answer.headers[std::move(name)];
  constexpr std::size_t kLongestHeader = 1U << 16U;
  if (joined.size() < kLongestHeader) joined += (joined.empty() ? "" : ", ") + std::string(value);
  return size;
}

/// libcurl asks about once a second, and whenever bytes come.
int stop_or_go(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return transfers().stopped ? 1 : 0;
}

/// Certificates as other tools find them; libcurl alone looks at none of these.
const char* certificates() {
  for (const char* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
    if (const char* file = std::getenv(name); file != nullptr && *file != '\0') return file;
  }
  return nullptr;
}

}  // namespace

Answer exchange(const Connection& connection, const Question& question) {
  const auto& [curl, handle] = connection;
  Exchange exchange{connection, question, {}};
  std::array<char, CURL_ERROR_SIZE> failure{};
  curl.easy_reset(handle);  // options, not connections
  const auto set = [&](CURLoption option, auto value) { curl.easy_setopt(handle, option, value); };
  set(CURLOPT_URL, question.address.text.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, 10L);
  set(CURLOPT_LOW_SPEED_LIMIT, 256L);  // bytes a second
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(question.stall.count()));
  set(CURLOPT_ERRORBUFFER, failure.data());
  const std::string agent = fmt::format("provenancekit/{}", kVersion);
  set(CURLOPT_USERAGENT, agent.c_str());
  if (const char* file = certificates()) set(CURLOPT_CAINFO, file);
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&exchange));
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &stop_or_go);
  std::string range;
  if (question.range) {
    range = fmt::format("{}-{}", question.range->begin, question.range->end() - 1);
    set(CURLOPT_RANGE, range.c_str());
    exchange.answer.body.reserve(question.limit);
  }
  // A compressed body would have another size, other ranges and another digest.
  curl_slist* headers = curl.slist_append(nullptr, "Accept-Encoding: identity");
  if (!question.token.empty()) {
    headers = curl.slist_append(headers, ("Authorization: Bearer " + question.token).c_str());
    transfers().told_token = true;
  }
  const std::unique_ptr<curl_slist, decltype(curl.slist_free_all)> owned(headers,
                                                                         curl.slist_free_all);
  set(CURLOPT_HTTPHEADER, headers);
  ++transfers().requests;
  exchange.answer.result = curl.easy_perform(handle);
  curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &exchange.answer.status);
  const char* peer = nullptr;
  curl.easy_getinfo(handle, CURLINFO_PRIMARY_IP, &peer);
  exchange.answer.private_peer = is_private(peer);
  exchange.answer.failure =
      failure[0] != '\0' ? failure.data() : curl.easy_strerror(exchange.answer.result);
  // A body that only explains a status may be cut: the answer is complete without it.
  const bool only_explains = exchange.answer.status >= 300 || exchange.answer.status < 200;
  if (only_explains && exchange.answer.result == CURLE_WRITE_ERROR)
    exchange.answer.result = CURLE_OK;
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  return std::move(exchange.answer);
}

}  // namespace prov::source
