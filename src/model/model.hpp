#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/checkpoint.hpp"
#include "model/tokenizer/tokenizer.hpp"
#include "provenancekit/result.hpp"
#include "source/snapshot.hpp"

namespace prov::model {

/// A model one can reason about. Each part may be missing; `notes` says why. Movable, immutable,
/// thread-safe.
struct Model {
  source::Snapshot snapshot;
  Checkpoint checkpoint;                   // without tensors if there are no weights
  std::optional<std::string> config_text;  // config.json as it is
  std::optional<Tokenizer> tokenizer;
  std::vector<std::string> notes;  // what is missing or could not be read, one sentence each
};

/// Opens what a reference names. A missing config, tokenizer or weights is a note; damaged ones are
/// an error (the user must learn that the file is broken). Error not_found if there is neither.
Result<Model> open_model(std::string_view reference);

}  // namespace prov::model
