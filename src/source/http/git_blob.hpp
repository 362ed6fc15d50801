#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace prov::source {

/// The name that git gives a file's content: SHA-1 of "blob <size>", NUL and the bytes, in
/// hexadecimal digits. Hubs list small files by it; not a defence against a made collision.
std::string git_blob_id(std::span<const std::byte> content);

}  // namespace prov::source
