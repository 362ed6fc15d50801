#pragma once

#include "provenancekit/result.hpp"
#include "source/http/exchange.hpp"

namespace prov::source {

/// Asks for what `reply` lacks of `request`: the answer at the end of all redirects, whose headers,
/// status and address `reply` then has. Up to 8 are followed, none from https to http and none from
/// a public host into a private network. Errors: malformed for one that is not followed.
Result<Answer> ask_along_redirects(const Connection& connection, const HttpOptions& options,
                                   const HttpRequest& request, HttpReply& reply);

}  // namespace prov::source
