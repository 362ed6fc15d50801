#include "source/http/web_folder.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "source/file_name.hpp"
#include "source/http/http_client.hpp"
#include "source/http/remote_file.hpp"

namespace prov::source {
namespace {

struct Found {
  RemoteFileFacts facts;
  std::string tag;
};

/// Size and ETag of a file, by asking for its first byte.
Result<Found> look_at(const HttpClient& client, const Address& address) {
  PROV_TRY(const HttpReply reply, client.get({address, ByteRange{0, 1}, 1}));
  if (reply.status < 200 || reply.status >= 300) return status_error(reply, false);
  // Without either, a file of equal size in place of another would go unseen.
  std::string tag = reply.etag.empty() ? reply.header("last-modified") : reply.etag;
  if (reply.total) {
    return Found{{.address = address, .size = *reply.total, .etag = reply.etag}, std::move(tag)};
  }
  return error_at(address, ErrorCode::unsupported, "the server sends whole files, not parts",
                  "download the model and name its folder");
}

class WebFolder final : public RemoteFolder {
 public:
  WebFolder(std::shared_ptr<const HttpClient> client, Address file, std::string name)
      : client_(std::move(client)), file_(std::move(file)), name_(std::move(name)) {}

  Result<void> look_at_file() { return look(name_); }

  bool contains(std::string_view name) const override {
    if (!is_plain_file_name(name)) return false;
    // A file that cannot be looked at now is not an absent one: opening it says why.
    const Result<void> seen = look(name);
    return seen || seen.error().code != ErrorCode::not_found;
  }

  Result<std::unique_ptr<ByteSource>> open(std::string_view name) const override {
    PROV_CHECK(look(name));
    const std::lock_guard lock(mutex_);
    return open_remote_file(client_, found_.at(std::string(name))->facts);
  }

  std::vector<std::string> list() const override {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, found] : found_) {
      if (found) names.push_back(name);
    }
    return names;
  }

  std::string identity() const override {
    const std::lock_guard lock(mutex_);
    base::Sha256 digest;
    digest.update_counted(file_.text);
    for (const auto& [name, found] : found_) {
      if (!found) continue;
      if (found->tag.empty()) return {};
      digest.update_counted(name);
      digest.update_number(found->facts.size);
      digest.update_counted(found->tag);
    }
    return base::hex(digest.finish());
  }

 private:
  Result<void> look(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto known = found_.find(std::string(name));
    if (known != found_.end()) {
      if (known->second) return {};
      return Error{.code = ErrorCode::not_found,
                   .message = "no such file",
                   .file = file_.shown(),
                   .field = std::string(name)};
    }
    Address address = file_;
    if (name != name_) {
      PROV_TRY(address, follow(file_, percent_encoded(name)));
    }
    Result<Found> found = look_at(*client_, address);
    if (found) {
      found_[std::string(name)] = *std::move(found);
      return {};
    }
    if (found.error().code == ErrorCode::not_found) found_[std::string(name)] = std::nullopt;
    return std::move(found).error();
  }

  std::shared_ptr<const HttpClient> client_;
  Address file_;
  std::string name_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::optional<Found>> found_;
};

/// "%2F" and the like; a text that is not encoded well stays.
std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      result += static_cast<char>(value);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

}  // namespace

Result<WebFile> open_web_file(std::string_view address) {
  PROV_TRY(const Address file, parse_address(address));
  const std::string name =
      percent_decoded(std::string_view(file.path).substr(file.path.find_last_of('/') + 1));
  if (!is_plain_file_name(name)) {
    return error_at(file, ErrorCode::invalid_argument, "the address names no file",
                    "give the address of a weight file, or hf:org/name");
  }
  auto folder =
      std::make_shared<WebFolder>(std::make_shared<HttpClient>(HttpOptions{}), file, name);
  PROV_CHECK(folder->look_at_file());
  return WebFile{std::move(folder), name};
}

}  // namespace prov::source
