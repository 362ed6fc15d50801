// Addresses of the web, taken apart by libcurl's own parser, so that what is judged is what is
// asked.
#pragma once

#include <string>
#include <string_view>

#include "provenancekit/result.hpp"

namespace prov::source {

struct Address {
  std::string scheme, host;  // lower case; "http" or "https"
  std::string port;          // the scheme's own where none is written
  std::string path;          // with its "/", without the query
  std::string text;          // the whole, normalised; a query may be a secret (a signed address)

  /// Scheme, host and port: what a secret may be told to.
  std::string origin() const { return scheme + "://" + host + ":" + port; }
  /// Without query: what messages show.
  std::string shown() const { return text.substr(0, text.find_first_of("?#")); }
};

/// Errors: invalid_argument for anything but http and https, or with a user name.
Result<Address> parse_address(std::string_view text);

/// Where `location`, relative or absolute, leads from `base`. Errors: as above.
Result<Address> follow(const Address& base, std::string_view location);

/// An error about what lies there.
Error error_at(const Address& address, ErrorCode code, std::string message, std::string hint = {});

/// Every byte but letters, digits and "-._~" as %XX; `kept` stay as they are.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

}  // namespace prov::source
