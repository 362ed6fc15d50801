#pragma once

#include <memory>

#include "provenancekit/result.hpp"
#include "source/hub/environment.hpp"
#include "source/hub/hub_id.hpp"
#include "source/remote_folder.hpp"

namespace prov::source {

/// The files of a model on the Hub, at the commit that its revision names now: every later request
/// names that commit. Files whose content lies in the Hub's cache on this machine (by digest and
/// size) are read from there. Only the top folder counts. Errors: those of HttpClient::get and
/// status_error; malformed for an answer that is not the Hub's.
Result<std::shared_ptr<const RemoteFolder>> open_hub_folder(const HubId& id,
                                                            const HubEnvironment& environment);

}  // namespace prov::source
