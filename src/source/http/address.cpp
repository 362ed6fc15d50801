#include "source/http/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/try.hpp"
#include "source/http/curl_library.hpp"

namespace prov::source {
namespace {

class Parser {
 public:
  explicit Parser(const CurlLibrary& curl) : curl_(curl), url_(curl.url(), curl.url_cleanup) {}

  bool set(std::string_view text) {
    return curl_.url_set(url_.get(), CURLUPART_URL, std::string(text).c_str(), 0) == CURLUE_OK;
  }
  std::string part(CURLUPart which, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl_.url_get(url_.get(), which, &text, flags) != CURLUE_OK) return {};
    std::string result = text;
    curl_.free(text);
    return result;
  }

 private:
  const CurlLibrary& curl_;
  std::unique_ptr<CURLU, decltype(CurlLibrary::url_cleanup)> url_;
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// What may be shown of a text that is no address: it may hold a password or a signature.
Error not_an_address(std::string_view text, std::string_view message) {
  const std::size_t at = text.find('@');
  const std::string_view shown =
      text.substr(0, std::min({text.find_first_of("?#"),
                               at == std::string_view::npos ? text.size() : text.find("//") + 2}));
  return {.code = ErrorCode::invalid_argument,
          .message = std::string(message),
          .file = std::string(shown)};
}

Result<Address> taken_apart(const Parser& parser, std::string_view text) {
  Address address{.scheme = lower(parser.part(CURLUPART_SCHEME)),
                  .host = lower(parser.part(CURLUPART_HOST)),
                  .port = parser.part(CURLUPART_PORT, CURLU_DEFAULT_PORT),
                  .path = parser.part(CURLUPART_PATH),
                  .text = parser.part(CURLUPART_URL)};
  const bool is_web = address.scheme == "https" || address.scheme == "http";
  const bool has_secret =
      !parser.part(CURLUPART_USER).empty() || !parser.part(CURLUPART_PASSWORD).empty();
  if (!is_web || address.host.empty() || has_secret)
    return not_an_address(text, "not an address of the web without a user name");
  return address;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  PROV_TRY(const CurlLibrary* curl, curl_library());
  Parser parser(*curl);
  if (text.find('\0') != std::string_view::npos || !parser.set(text))
    return not_an_address(text, "not a valid address");
  return taken_apart(parser, text);
}

Result<Address> follow(const Address& base, std::string_view location) {
  PROV_TRY(const CurlLibrary* curl, curl_library());
  Parser parser(*curl);
  if (location.find('\0') != std::string_view::npos || !parser.set(base.text) ||
      !parser.set(location))
    return not_an_address(location, "not a valid address");
  return taken_apart(parser, location);
}

Error error_at(const Address& address, ErrorCode code, std::string message, std::string hint) {
  return {.code = code,
          .message = std::move(message),
          .file = address.shown(),
          .hint = std::move(hint)};
}

std::string percent_encoded(std::string_view text, std::string_view kept) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~' ||
                       kept.find(c) != std::string_view::npos;
    result += plain ? std::string(1, c)
                    : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return result;
}

}  // namespace prov::source
