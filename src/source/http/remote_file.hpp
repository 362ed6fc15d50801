// A file on a web server, read by ranges.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "source/byte_source.hpp"
#include "source/http/http_client.hpp"

namespace prov::source {

/// What is asked for, and what is known of it beforehand.
struct RemoteFileFacts {
  Address address;
  std::uint64_t size = 0;
  std::string sha256;    // of the content, 64 hexadecimal digits; empty: not known
  std::string git_blob;  // SHA-1 of "blob <size>\0" and the content; empty: not known
  std::string etag;      // that an earlier answer gave; empty: none
  bool has_token = false;
};

/// Reads up to 1 MiB are kept (64 MiB at most), `expect`ed ranges are joined over gaps of 16 KiB
/// and fetched sixteen at a time; a read of the whole file is checked against the digests. The
/// place to which a redirect led is asked directly until it refuses. Every answer must give the
/// same total size and, for one host, the same ETag: else changed_while_read. Errors: those of
/// HttpClient::get; status_error; malformed where a digest differs.
std::unique_ptr<ByteSource> open_remote_file(std::shared_ptr<const HttpClient> client,
                                             RemoteFileFacts facts);

/// What a status of 400 and more means: io where it may pass, else not_found; in the words of the
/// Hub where it has some (X-Error-Code, X-Error-Message). `has_token`: one was sent.
Error status_error(const HttpReply& reply, bool has_token);

}  // namespace prov::source
