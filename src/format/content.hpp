// What a file is by its first bytes, whatever its name says. Used to explain why a file is not the
// expected one.
#pragma once

#include <string_view>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::format {

enum class Content {
  unknown,
  gguf,
  zip,             // PyTorch since 1.6
  legacy_pytorch,  // the pickle that opens with PyTorch's magic number
  pickle,
  tar,              // PyTorch before 0.1.10
  hdf5,             // Keras
  git_lfs_pointer,  // stands for a file that was not downloaded
  web_page,
  text,
};

/// Reads at most the first 512 bytes. Errors: those of reading.
Result<Content> sniff(const source::ByteSource& source);

/// Name for messages, e.g. "a GGUF file"; "unknown content" for unknown.
std::string_view content_name(Content content);

/// The error for a file that is `content` where another container is expected: not_weights for
/// pointers, web pages and text, unsupported for containers, nothing for unknown.
std::optional<Error> refusal_of(Content content, const std::string& file);

}  // namespace prov::format
