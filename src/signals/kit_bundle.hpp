// A feature bundle: what the published kit's database says of one model. It holds no weight
// signals; those lie in an archive of their own. Source: specification of the kit, section 9.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"
#include "signals/mfi.hpp"
#include "signals/tfv.hpp"

namespace prov::signals {

struct KitBundle {
  std::string model_id;  // may be empty
  MfiRecord mfi;
  std::optional<TokenizerFeatures> tfv;  // without all_merges_hash: no bundle holds the merges
  std::string deep_signals;              // path below the database, or empty
  bool nlf_is_direct = false;     // what the numbers of deep_signals need to be read: NlfMode
  std::uint32_t nlf_tensors = 0;  // and number of the norm tensors
  std::vector<Error> notes;       // why there is no tfv
};

/// `file_name` is for messages. Unknown keys are ignored. A tokenizer record that cannot be used is
/// a note. Errors: malformed with the field, for what is not JSON, and for a metadata record that
/// lacks a field or has one of a wrong type or a negative count.
Result<KitBundle> parse_kit_bundle(std::string_view text, std::string_view file_name);

}  // namespace prov::signals
