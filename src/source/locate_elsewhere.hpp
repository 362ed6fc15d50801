// What a reference names that is no path.
#pragma once

#include <string_view>

#include "provenancekit/result.hpp"
#include "source/hub/hub_id.hpp"
#include "source/snapshot.hpp"

namespace prov::source {

/// A model of the Hub as it is now; of the Hub's cache where the network is not wanted or not
/// there. `text` led to this commit for the life of the process. Errors: not_found where it is
/// neither; those of open_hub_folder.
Result<Snapshot> locate_on_hub(std::string_view text, const HubId& id);

/// A file on the web and its neighbours, once in the life of the process. Errors: not_found where
/// the network is not wanted; those of open_web_file.
Result<Snapshot> locate_on_web(std::string_view text);

/// `name` in Ollama's store, of the reference `text`. Errors: those of find_ollama_model.
Result<Snapshot> locate_in_ollama(std::string_view text, std::string_view name);

}  // namespace prov::source
