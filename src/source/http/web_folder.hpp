#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "provenancekit/result.hpp"
#include "source/remote_folder.hpp"

namespace prov::source {

struct WebFile {
  std::shared_ptr<const RemoteFolder> folder;
  std::string name;  // of the file that the address names
};

/// A file by its address. Its neighbours ("config.json") are looked for where a relative address
/// would lead; a web server has no list of them. Nothing is told who asks: no token is sent.
/// Errors: those of parse_address and HttpClient::get; status_error; unsupported without a size.
Result<WebFile> open_web_file(std::string_view address);

}  // namespace prov::source
