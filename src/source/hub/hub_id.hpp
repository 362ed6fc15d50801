#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace prov::source {

/// A model on the Hub.
struct HubId {
  std::string name;               // "org/name", or "name" for the oldest models
  std::string revision = "main";  // branch, tag or commit
  std::string file;               // only this file of it; empty: the model

  bool is_commit() const;      // of 40 hexadecimal digits: the one revision that cannot move
  std::string folder() const;  // in the Hub's cache: "models--org--name"
};

/// "hf:org/name[@revision]", "hf:name", bare "org/name[@revision]", or the address of a page or
/// file of the Hub at `endpoint` (/org/name, /org/name/tree/REV,
/// /org/name/{blob,resolve}/REV/FILE). std::nullopt for any other text. Names as the Hub allows
/// them: letters, digits, "-_.", at most 96, no "--" or "..", no "-" or "." at either end, no
/// ".git".
std::optional<HubId> parse_hub_id(std::string_view text, std::string_view endpoint);

}  // namespace prov::source
