// The bytes of a fingerprint, version 1. Equal fingerprints have equal bytes, and every byte is
// checked when they are read.
//
//   0    8 bytes   "PROVFP\0\1"; the last byte is the version
//   8    body      the fields of fingerprint_fields.hpp, one after the other
//   end  16 bytes  XXH3-128 of all that stands before: u64 high, u64 low
//
// Numbers are little-endian: integers of their size, f32 and f64 as IEEE 754, booleans and
// enumerations one byte. A text is a u32 length and UTF-8 bytes. A list is a u64 count and its
// elements; a map is a list of pairs with ascending keys. An optional value is a byte 0, or 1 and
// the value. A number that is integer or f64 is a byte 0 or 1 and the value. Tensors stand in
// ascending order of their names.
//
// Roles are not stored: names and shapes give them (model/assign_roles.hpp), so that better rules
// serve old fingerprints. Nothing here names a file, a dtype or a date.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"
#include "signals/fingerprint.hpp"

namespace prov::signals {

std::vector<std::byte> encode(const Fingerprint& fingerprint);

/// Inverse of encode: decode(encode(x)) == x and encode(decode(y)) == y. `name` is for messages.
/// Errors, each with offset and field: malformed (not a fingerprint, damaged, not canonical),
/// unsupported (another version), truncated, trailing_bytes. Memory is bounded by the size of
/// `bytes`.
Result<Fingerprint> decode_fingerprint(std::span<const std::byte> bytes, std::string_view name);

}  // namespace prov::signals
