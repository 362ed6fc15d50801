// From a fingerprint to a record, and back.
#pragma once

#include <span>
#include <string>

#include "fingerprint/fingerprint_codec.hpp"
#include "store/store.hpp"

namespace prov::store {

/// Parts of a record that was made from a fingerprint: fingerprint::encode of each part alone, and
/// signals::encode of the kit's signals.
inline constexpr std::string_view kSketchPart = "sketch", kStandardPart = "standard",
                                  kSignalsPart = "signals";

/// The record of the model whose fingerprint, the bytes of a `.fp` file, is given. Architecture and
/// content key come from it; the other fields stay empty. `name` is for messages. Errors: those of
/// fingerprint::decode_fingerprint; malformed for signals that are none.
Result<Record> record_of_fingerprint(std::span<const std::byte> file, std::string id,
                                     std::string_view name);

/// The content key of a record of these weights.
std::string content_key_of(const base::ContentHash& weights);

/// The code of a sketch, as stored and searched: the positional one, then that of the hidden axis.
std::vector<std::uint64_t> code_of(const fingerprint::Sketch& sketch);

/// Sketch and standard part of a record, each where it is there. Errors: malformed, not_found.
Result<fingerprint::FingerprintFile> fingerprint_of_record(const Store& store, std::int64_t key);

}  // namespace prov::store
