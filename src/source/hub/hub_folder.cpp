#include "source/hub/hub_folder.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "base/sha256.hpp"
#include "base/try.hpp"
#include "source/file_name.hpp"
#include "source/http/http_client.hpp"
#include "source/http/remote_file.hpp"

namespace prov::source {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kMostAnswerBytes = 64U << 20U;
constexpr int kMostPages = 100;

struct HubFile {
  std::uint64_t size = 0;
  std::string git_blob;  // of the file, or of the pointer to it
  std::string sha256;    // of a large file
};

Error not_the_hub(const Address& address, std::string_view what) {
  return error_at(address, ErrorCode::malformed, fmt::format("the answer has no {}", what),
                  "is HF_ENDPOINT a Hub?");
}

class Asker {
 public:
  explicit Asker(const HubEnvironment& environment, const Address& endpoint)
      : client_(std::make_shared<HttpClient>(
            HttpOptions{.token = environment.token, .token_origin = endpoint.origin()})),
        has_token_(!environment.token.empty()) {}

  Result<std::pair<json, HttpReply>> ask(const Address& address) const {
    PROV_TRY(HttpReply reply, client_->get({address, std::nullopt, kMostAnswerBytes}));
    if (reply.status != 200) return status_error(reply, has_token_);
    json answer = json::parse(base::as_text(reply.body), nullptr, false);
    if (answer.is_discarded()) return not_the_hub(address, "JSON");
    return std::pair(std::move(answer), std::move(reply));
  }
  const std::shared_ptr<const HttpClient>& client() const { return client_; }
  bool has_token() const { return has_token_; }

 private:
  std::shared_ptr<const HttpClient> client_;
  bool has_token_;
};

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::uint64_t> size_of(const json& object) {
  const auto found = object.find("size");
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

/// The page that `Link: <...>; rel="next"` names.
std::string next_page(const std::string& link) {
  const std::size_t end = link.find(">; rel=\"next\"");
  const std::size_t begin = end == std::string::npos ? end : link.rfind('<', end);
  return begin == std::string::npos ? std::string() : link.substr(begin + 1, end - begin - 1);
}

void add_files(const json& page, std::map<std::string, HubFile>& files) {
  for (const json& entry : page) {
    if (!entry.is_object() || text_of(entry, "type") != "file") continue;
    const std::string name = text_of(entry, "path");
    const std::optional<std::uint64_t> size = size_of(entry);
    if (!is_plain_file_name(name) || !size) continue;
    const auto digits = [](const std::string& text, std::size_t length) {
      return text.size() == length &&
             text.find_first_not_of("0123456789abcdef") == std::string::npos;
    };
    HubFile file{.size = *size, .git_blob = text_of(entry, "oid"), .sha256 = {}};
    if (const auto lfs = entry.find("lfs"); lfs != entry.end() && lfs->is_object()) {
      file.sha256 = text_of(*lfs, "oid");
      file.size = size_of(*lfs).value_or(file.size);
      file.git_blob.clear();  // of the pointer
    }
    if (!digits(file.sha256, 64)) file.sha256.clear();
    if (!digits(file.git_blob, 40)) file.git_blob.clear();
    files.emplace(name, std::move(file));
  }
}

class HubFolder final : public RemoteFolder {
 public:
  HubFolder(std::shared_ptr<const HttpClient> client, bool has_token, Address root, fs::path blobs,
            std::map<std::string, HubFile> files)
      : client_(std::move(client)),
        has_token_(has_token),
        root_(std::move(root)),
        blobs_(std::move(blobs)),
        files_(std::move(files)) {}

  bool contains(std::string_view name) const override { return files_.contains(std::string(name)); }

  Result<std::unique_ptr<ByteSource>> open(std::string_view name) const override {
    const auto found = files_.find(std::string(name));
    if (found == files_.end()) {
      return Error{.code = ErrorCode::not_found,
                   .message = "no such file in this model",
                   .file = root_.shown(),
                   .field = std::string(name)};
    }
    const HubFile& file = found->second;
    const std::string& digest = file.sha256.empty() ? file.git_blob : file.sha256;
    std::error_code missing;
    if (is_plain_file_name(digest) && fs::file_size(blobs_ / digest, missing) == file.size)
      return open_local_file((blobs_ / digest).string());
    PROV_TRY(const Address address, parse_address(root_.text + percent_encoded(name)));
    return open_remote_file(client_, {.address = address,
                                      .size = file.size,
                                      .sha256 = file.sha256,
                                      .git_blob = file.git_blob,
                                      .etag = {},
                                      .has_token = has_token_});
  }

  std::vector<std::string> list() const override {
    std::vector<std::string> names;
    for (const auto& [name, file] : files_) names.push_back(name);
    return names;
  }

  std::string identity() const override {
    base::Sha256 digest;
    digest.update_counted(root_.text);
    for (const auto& [name, file] : files_) {
      digest.update_counted(name);
      digest.update_number(file.size);
      digest.update_counted(file.sha256);
      digest.update_counted(file.git_blob);
    }
    return base::hex(digest.finish());
  }

 private:
  std::shared_ptr<const HttpClient> client_;
  bool has_token_;
  Address root_;  // of the files: ends with "/"
  fs::path blobs_;
  std::map<std::string, HubFile> files_;
};

}  // namespace

Result<std::shared_ptr<const RemoteFolder>> open_hub_folder(const HubId& id,
                                                            const HubEnvironment& environment) {
  const std::string& endpoint = environment.endpoint;
  PROV_TRY(const Address hub, parse_address(endpoint));
  const Asker asker(environment, hub);
  std::string commit = id.revision;
  if (!id.is_commit()) {
    PROV_TRY(const Address address,
             parse_address(fmt::format("{}/api/models/{}/revision/{}", endpoint, id.name,
                                       percent_encoded(id.revision))));
    PROV_TRY(const auto answer, asker.ask(address));
    commit = answer.first.is_object() ? text_of(answer.first, "sha") : std::string();
    if (!HubId{.name = {}, .revision = commit, .file = {}}.is_commit())
      return not_the_hub(address, "commit");
  }
  std::map<std::string, HubFile> files;
  PROV_TRY(Address page,
           parse_address(fmt::format("{}/api/models/{}/tree/{}?recursive=false&expand=false",
                                     endpoint, id.name, commit)));
  for (int pages = 1;; ++pages) {
    PROV_TRY(const auto answer, asker.ask(page));
    if (!answer.first.is_array()) return not_the_hub(page, "list of files");
    add_files(answer.first, files);
    const std::string next = next_page(answer.second.header("link"));
    if (next.empty()) break;
    PROV_TRY(page, follow(page, next));
    if (page.origin() != hub.origin() || pages >= kMostPages)
      return not_the_hub(page, "end to the list of files on this Hub");
  }
  PROV_TRY(Address root,
           parse_address(fmt::format("{}/{}/resolve/{}/", endpoint, id.name, commit)));
  return std::shared_ptr<const RemoteFolder>(
      std::make_shared<HubFolder>(asker.client(), asker.has_token(), std::move(root),
                                  environment.cache / id.folder() / "blobs", std::move(files)));
}

}  // namespace prov::source
