#include "store/json_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/try.hpp"
#include "model/json_text.hpp"
#include "source/byte_source.hpp"
#include "store/batched_adding.hpp"

namespace prov::store {
namespace {

constexpr std::size_t kLongestLine = 16 * 1024 * 1024;  // bytes
constexpr std::size_t kChunk = 1024 * 1024;             // bytes

Error not_a_record(std::string message, std::string_view field = "") {
  return {.code = ErrorCode::malformed, .message = std::move(message), .field = std::string(field)};
}

Result<void> take_text(const nlohmann::json& object, std::string_view key, std::string& text) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_string()) return not_a_record("no text", key);
  text = found->get<std::string>();
  return {};
}

// An object as text; empty where there is none.
Result<std::string> take_object(const nlohmann::json& object, std::string_view key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::string();
  if (!found->is_object()) return not_a_record("no object", key);
  return found->dump();
}

Result<Record> read_record(std::string_view line, const std::string& name) {
  PROV_TRY(const nlohmann::json object, model::parse_json_text(line, name));
  if (!object.is_object()) return not_a_record("no object");
  static const std::set<std::string, std::less<>> kKnown = {
      "id",       "publisher", "family",      "architecture", "source",
      "revision", "licence",   "content_key", "metadata",     "signals"};
  for (const auto& [key, value] : object.items()) {
    if (!kKnown.contains(key)) return not_a_record("unknown key", key);
  }
  Record record;
  for (const auto& [key, text] : {std::pair{"id", &record.id},
                                  {"publisher", &record.publisher},
                                  {"family", &record.family},
                                  {"architecture", &record.architecture},
                                  {"source", &record.source},
                                  {"revision", &record.revision},
                                  {"licence", &record.licence},
                                  {"content_key", &record.content_key}})
    PROV_CHECK(take_text(object, key, *text));
  PROV_TRY(const std::string metadata, take_object(object, "metadata"));
  if (!metadata.empty()) record.metadata_json = metadata;
  PROV_TRY(const std::string signals, take_object(object, "signals"));
  if (!signals.empty()) {
    const std::span<const std::byte> bytes = base::as_byte_span(signals);
    record.parts["signals"].assign(bytes.begin(), bytes.end());
  }
  return record;
}

class Reader {
 public:
  Reader(const Store& target, const source::ByteSource& file, const TransferOptions& options)
      : file_(file), adding_(target, options), options_(options) {}

  Result<Transfer> run() {
    if (options_.progress != nullptr) {
      options_.progress->phase("reading records");
      options_.progress->expect(file_.size());
    }
    std::string pending;
    std::vector<std::byte> chunk;
    for (std::uint64_t at = 0; at < file_.size(); at += chunk.size()) {
      PROV_CHECK(adding_.check_stop());
      chunk.resize(std::min<std::uint64_t>(kChunk, file_.size() - at));
      PROV_CHECK(file_.read(at, chunk));
      pending += base::as_text(chunk);
      PROV_CHECK(take_lines(pending));
      if (options_.progress != nullptr) options_.progress->advance(chunk.size());
    }
    PROV_CHECK(take_line(pending));
    PROV_CHECK(file_.verify_unchanged());
    return adding_.finish();
  }

 private:
  // Takes the whole lines away from `pending`.
  Result<void> take_lines(std::string& pending) {
    std::size_t begin = 0;
    for (std::size_t end; (end = pending.find('\n', begin)) != std::string::npos; begin = end + 1)
      PROV_CHECK(take_line(std::string_view(pending).substr(begin, end - begin)));
    pending.erase(0, begin);
    if (pending.size() <= kLongestLine) return {};
    return Error{.code = ErrorCode::too_large,
                 .message = fmt::format("line {} has more than {} bytes", line_ + 1, kLongestLine),
                 .file = file_.name(),
                 .hint = "is this a JSON Lines file?"};
  }

  Result<void> take_line(std::string_view line) {
    ++line_;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return {};
    const Result<Record> record = read_record(line, file_.name());
    const Result<void> valid = record ? check_record(*record) : Result<void>(record.error());
    if (valid) return adding_.add(*record);
    Error error = valid.error();
    error.file.clear();
    adding_.leave_out({fmt::format("line {}", line_), error.to_string()});
    return {};
  }

  const source::ByteSource& file_;
  BatchedAdding adding_;
  const TransferOptions& options_;
  std::uint64_t line_ = 0;
};

}  // namespace

Result<Transfer> import_json_lines(const Store& target, const std::filesystem::path& path,
                                   const TransferOptions& options) {
  PROV_TRY(const std::unique_ptr<source::ByteSource> file, source::open_local_file(path.string()));
  return Reader(target, *file, options).run();
}

}  // namespace prov::store
