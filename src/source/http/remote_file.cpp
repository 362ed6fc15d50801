#include "source/http/remote_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/parallel_for.hpp"
#include "base/sha256.hpp"
#include "base/try.hpp"
#include "source/http/git_blob.hpp"
#include "source/http/segment_cache.hpp"
#include "source/http/transfers.hpp"

namespace prov::source {
namespace {

constexpr std::uint64_t kHead = 128U << 10U;  // of a file: most headers fit
constexpr std::uint64_t kKept = 1U << 20U;    // longer reads go to the caller alone
constexpr std::uint64_t kCache = 64U << 20U;
constexpr std::uint64_t kGap = 16U << 10U;     // cheaper to fetch than to ask once more
constexpr std::uint64_t kLongest = 8U << 20U;  // of one request for expected ranges
constexpr std::size_t kConnections = 16;

/// Ranges in order, those near each other joined.
std::vector<ByteRange> joined(std::vector<ByteRange> ranges) {
  std::ranges::sort(ranges, {}, &ByteRange::begin);
  std::vector<ByteRange> result;
  for (const ByteRange& range : ranges) {
    const bool near = !result.empty() && range.begin <= result.back().end() + kGap;
    const std::uint64_t end = near ? std::max(result.back().end(), range.end()) : range.end();
    if (near && end - result.back().begin <= kLongest) {
      result.back().count = end - result.back().begin;
    } else {
      result.push_back(range);
    }
  }
  return result;
}

class RemoteFile final : public ByteSource {
 public:
  RemoteFile(std::shared_ptr<const HttpClient> client, RemoteFileFacts facts)
      : client_(std::move(client)),
        facts_(std::move(facts)),
        name_(facts_.address.shown()),
        cache_(kCache) {
    transfers().available += facts_.size;
    if (!facts_.etag.empty()) tags_.emplace(facts_.address.origin(), facts_.etag);
  }

  const std::string& name() const override { return name_; }
  std::uint64_t size() const override { return facts_.size; }

  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) {
      return Error{.code = ErrorCode::out_of_range,
                   .message = fmt::format("{} bytes wanted beyond the end", out.size()),
                   .file = name(),
                   .offset = offset};
    }
    if (out.empty() || cache_.read(offset, out)) return {};
    const std::uint64_t ahead = offset == 0 ? std::min(kHead, size()) : 0;
    const ByteRange range{offset, std::max<std::uint64_t>(out.size(), ahead)};
    PROV_TRY(std::vector<std::byte> bytes, fetch(range));
    std::copy_n(bytes.begin(), out.size(), out.begin());
    if (range.count <= kKept) cache_.add(offset, std::move(bytes));
    return {};
  }

  void expect(std::span<const ByteRange> ranges) const override {
    std::vector<ByteRange> missing;
    std::uint64_t total = 0;
    for (const ByteRange& range : ranges) {
      const bool inside =
          range.count > 0 && range.begin <= size() && range.count <= size() - range.begin;
      if (!inside || cache_.holds(range)) continue;
      total += range.count;
      if (total > kCache / 2) break;
      missing.push_back(range);
    }
    const std::vector<ByteRange> wanted = joined(std::move(missing));
    base::parallel_for(wanted.size(), kConnections, [&](std::size_t i) {
      if (auto bytes = fetch(wanted[i])) cache_.add(wanted[i].begin, *std::move(bytes));
    });
  }

  Result<void> verify_unchanged() const override { return {}; }  // every answer was compared

 private:
  Result<std::vector<std::byte>> fetch(const ByteRange& range) const {
    const Place asked = place();
    Result<HttpReply> reply =
        client_->get({asked.address, range, range.count, asked.from_public_host});
    const bool elsewhere = asked.address.text != facts_.address.text;
    if (elsewhere && (!reply || reply->status >= 400)) {  // a signed address runs out
      forget(asked);
      reply = client_->get({facts_.address, range, range.count});
    }
    if (!reply) return std::move(reply).error();
    if (reply->status < 200 || reply->status >= 300) {
      reply->address = facts_.address;
      return status_error(*reply, facts_.has_token);
    }
    PROV_CHECK(compare(*reply));
    if (range.count == size()) PROV_CHECK(check_digest(reply->body));
    return std::move(reply->body);
  }

  struct Place {
    Address address;
    bool from_public_host = false;
  };

  Place place() const {
    const std::lock_guard lock(mutex_);
    return place_ ? *place_ : Place{facts_.address};
  }

  void forget(const Place& asked) const {
    const std::lock_guard lock(mutex_);
    if (place_ && place_->address.text == asked.address.text) place_.reset();
  }

  Result<void> compare(const HttpReply& reply) const {
    const std::lock_guard lock(mutex_);
    if (reply.total && *reply.total != size())
      return changed(fmt::format("the file has {} bytes now, {} before", *reply.total, size()));
    // The Hub's word for the content of a large file is its SHA-256, quoted.
    const std::string linked = reply.header("x-linked-etag");
    if (facts_.sha256.size() == 64 && linked.size() == 66 && linked.substr(1, 64) != facts_.sha256)
      return changed("the file is not the one that the list of files named");
    if (!reply.etag.empty()) {
      const auto [known, is_new] = tags_.emplace(reply.address.origin(), reply.etag);
      if (!is_new && known->second != reply.etag)
        return changed("the file changed while it was read");
    }
    if (reply.address.text != facts_.address.text)
      place_ = Place{reply.address, reply.from_public_host};
    return {};
  }

  Result<void> check_digest(std::span<const std::byte> bytes) const {
    const bool equal = (facts_.sha256.empty() || base::hex(base::sha256(bytes)) == facts_.sha256) &&
                       (facts_.git_blob.empty() || git_blob_id(bytes) == facts_.git_blob);
    if (equal) return {};
    return Error{.code = ErrorCode::malformed,
                 .message = "the content is not what the Hub's list of files names by its digest",
                 .file = name(),
                 .hint = "a damaged transfer, or a server that lies"};
  }

  Error changed(std::string message) const {
    return {.code = ErrorCode::changed_while_read, .message = std::move(message), .file = name()};
  }

  std::shared_ptr<const HttpClient> client_;
  RemoteFileFacts facts_;
  std::string name_;
  mutable SegmentCache cache_;
  mutable std::mutex mutex_;
  mutable std::optional<Place> place_;               // where the last redirect led
  mutable std::map<std::string, std::string> tags_;  // ETags by origin
};

}  // namespace

std::unique_ptr<ByteSource> open_remote_file(std::shared_ptr<const HttpClient> client,
                                             RemoteFileFacts facts) {
  return std::make_unique<RemoteFile>(std::move(client), std::move(facts));
}

Error status_error(const HttpReply& reply, bool has_token) {
  const bool may_pass = reply.status >= 500 || reply.status == 429 || reply.status == 408;
  Error error{.code = may_pass ? ErrorCode::io : ErrorCode::not_found,
              .message = fmt::format("the server answers {}", reply.status),
              .file = reply.address.shown()};
  const std::string code = reply.header("x-error-code"), text = reply.header("x-error-message");
  if (!text.empty()) error.message += ": " + text;
  if (code == "GatedRepo") {
    error.hint = "the owner asks you to accept terms on the model's page first";
  } else if (code == "RevisionNotFound") {
    error.hint = "no such branch, tag or commit";
  } else if (reply.status == 401 || reply.status == 403 || code == "RepoNotFound") {
    error.hint = has_token ? "it does not exist, or your token has no access to it"
                           : "it does not exist, or it is private: set HF_TOKEN";
  } else if (reply.status == 429) {
    error.hint = "too many requests; wait, or log in with a token";
  }
  return error;
}

}  // namespace prov::source
