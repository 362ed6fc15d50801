// Is a quantised model what its scheme makes of another model?
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/progress.hpp"
#include "provenancekit/result.hpp"

namespace prov {

/// What one tensor of the quantised model is, beside its counterpart in the source.
enum class QuantStatus {
  unchanged,     // stored plainly: the source's values, or their rounding to the type
  faithful,      // on its grid, and 99.9 % of the source's values round to it
  other_scheme,  // so they do where rows or columns are scaled before, as AWQ does
  near,          // like the source, not its nearest levels: compensated errors (GPTQ) or a change
  altered,       // like the source, but neither its values nor their rounding
  not_from_source,  // not like the source
  untested,         // no counterpart of its shape, or a grid that cannot be tested
};
/// JSON text: "unchanged", "faithful", "other-scheme", "near", "altered", "not-from-source",
/// "untested".
std::string_view quant_status_name(QuantStatus value);

/// What the model as a whole is.
enum class QuantConclusion { faithful, other_scheme, undecided, altered, not_from_source };
/// JSON text: "faithful", "other-scheme", "undecided", "altered", "not-from-source".
std::string_view quant_conclusion_name(QuantConclusion value);

struct VerifiedTensor {
  std::string name;
  std::string scheme;  // as it is stored: "GPTQ int4, groups of 128", "BF16"
  QuantStatus status = QuantStatus::untested;
  std::uint64_t elements = 0;
  std::optional<std::uint64_t> outside;  // elements that are not the rounding of the source's
  std::optional<double> farthest;  // of these, in steps of the grid beyond the nearest level's
                                   // reach; of plain tensors relative to the largest value
  std::optional<double> cosine;    // with the source, [-1, 1]
  std::string why;                 // for `untested`; else empty
};

struct QuantVerification {
  std::string quantised, source;  // as typed
  QuantConclusion conclusion = QuantConclusion::undecided;
  std::string reason;                   // one plain sentence
  std::vector<VerifiedTensor> tensors;  // by name
  std::vector<std::string> notes;
};

struct VerifyQuantOptions {
  Progress* progress = nullptr;  // may be null; must outlive the call
  std::stop_token stop;          // error `cancelled` soon after a stop is requested
};

/// Reads every value of both models once, within bounded memory. Deterministic, thread-safe.
/// Errors: those of opening and reading.
Result<QuantVerification> verify_quant(std::string_view quantised, std::string_view source,
                                       const VerifyQuantOptions& options = {});

}  // namespace prov
