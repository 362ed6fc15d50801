#include "source/http/partial_content.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "source/http/whole_number.hpp"

namespace prov::source {
namespace {

/// "bytes 5-9/100". The total may be "*".
struct ContentRange {
  std::uint64_t first = 0, last = 0;
  std::optional<std::uint64_t> total;
};

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  if (!text.starts_with(kUnit)) return std::nullopt;
  text.remove_prefix(kUnit.size());
  const std::size_t dash = text.find('-'), slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || dash > slash)
    return std::nullopt;
  const auto first = whole_number(text.substr(0, dash));
  const auto last = whole_number(text.substr(dash + 1, slash - dash - 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return ContentRange{*first, *last, whole_number(text.substr(slash + 1))};
}

/// An ETag without "W/" and quotes: hosts of one network write the same one in both ways.
std::string bare_tag(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"')
    tag = tag.substr(1, tag.size() - 2);
  return std::string(tag);
}

}  // namespace

Result<void> check_partial_content(const ByteRange& wanted, const Answer& answer,
                                   HttpReply& reply) {
  if (answer.status == 200) {
    if (wanted.begin == 0) return {};
    return error_at(reply.address, ErrorCode::unsupported,
                    "the server sends whole files, not parts",
                    "download the model and name its folder");
  }
  const auto header = answer.headers.find("content-range");
  const auto range =
      header == answer.headers.end() ? std::nullopt : parse_content_range(header->second);
  if (answer.status != 206 || !range || range->first != wanted.begin ||
      range->last - range->first >= wanted.count) {
    return error_at(
        reply.address, ErrorCode::malformed,
        fmt::format("asked for bytes {}-{}, the server answers {} with Content-Range \"{}\"",
                    wanted.begin, wanted.end() - 1, answer.status,
                    header == answer.headers.end() ? "" : header->second));
  }
  const auto tag = answer.headers.find("etag");
  const std::string etag = tag == answer.headers.end() ? "" : bare_tag(tag->second);
  const bool resumed = !reply.body.empty();
  if (resumed && (reply.etag != etag || reply.total != range->total))
    return error_at(reply.address, ErrorCode::changed_while_read,
                    "the file changed between two parts of one answer");
  reply.etag = etag;
  reply.total = range->total;
  return {};
}

}  // namespace prov::source
