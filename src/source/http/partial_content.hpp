#pragma once

#include "provenancekit/result.hpp"
#include "source/http/exchange.hpp"

namespace prov::source {

/// Checks an answer of 2xx to a request for `wanted`, the rest of a range of which `reply` has the
/// beginning, and notes the tag and the size of the whole file in `reply`. An answer of 200 is the
/// file from its start. Errors: unsupported (whole files only), malformed (another Content-Range),
/// changed_while_read (the parts are of two versions).
Result<void> check_partial_content(const ByteRange& wanted, const Answer& answer, HttpReply& reply);

}  // namespace prov::source
