#include "model/json_text.hpp"

#include <simdjson.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/try.hpp"

namespace prov::model {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 100;

/// Builds the document from parser events, so that depth is checked on the way and no exception is
/// thrown.
class Builder : public nlohmann::json_sax<json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    error_offset_ = position;
    return false;
  }

  bool too_deep() const { return too_deep_; }
  std::size_t error_offset() const { return error_offset_; }
  json take() { return std::move(root_); }

 private:
  json& place(json value) {
    if (open_.empty()) return root_ = std::move(value);
    json& parent = *open_.back();
    if (parent.is_object()) return parent[key_] = std::move(value);
    parent.push_back(std::move(value));
    return parent.back();
  }
  bool add(json value) {
    place(std::move(value));
    return true;
  }
  bool open(json container) {
    too_deep_ = open_.size() == kMaxDepth;
    if (too_deep_) return false;
    open_.push_back(&place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  json root_;
  std::vector<json*> open_;  // a parent does not move while its last child is open
  std::string key_;
  bool too_deep_ = false;
  std::size_t error_offset_ = 0;
};

/// Overwrites Python's words for special numbers with strings of the same length, so that offsets
/// stay.
std::string quote_special_numbers(std::string_view text) {
  std::string result(text);
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string) {
      for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
        if (!text.substr(i).starts_with(word)) continue;
        result.replace(i, word.size(), word.size(), '?');
        result[i] = result[i + word.size() - 1] = '"';
        i += word.size() - 1;
        break;
      }
    }
  }
  return result;
}

bool has_special_numbers(std::string_view text) {
  return text.find("NaN") != std::string_view::npos ||
         text.find("Infinity") != std::string_view::npos;
}

}  // namespace

Result<json> parse_json_text(std::string_view text, std::string_view file_name) {
  std::string quoted;
  if (has_special_numbers(text)) text = quoted = quote_special_numbers(text);
  Builder builder;
  if (json::sax_parse(text, &builder)) return builder.take();
  Error error{
      .code = ErrorCode::malformed, .message = "is not valid JSON", .file = std::string(file_name)};
  if (builder.too_deep()) {
    error.message = "is nested deeper than 100 levels";
  } else {
    error.offset = builder.error_offset();
  }
  return error;
}

Result<std::map<std::string, std::string, std::less<>>> parse_json_texts(
    std::string_view text, std::string_view file_name) {
  std::map<std::string, std::string, std::less<>> texts;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.allocate(text.size(), kMaxDepth) == simdjson::SUCCESS &&
      parser.parse(text).get(object) == simdjson::SUCCESS) {
    for (const auto& [key, value] : object) {
      texts.erase(std::string(key));  // of duplicate keys the last one counts
      if (std::string_view found; value.get(found) == simdjson::SUCCESS) texts.emplace(key, found);
    }
    return texts;
  }
  // simdjson refuses some of what Python writes, and does not say where it is wrong.
  PROV_TRY(const json whole, parse_json_text(text, file_name));
  if (!whole.is_object()) {
    return Error{.code = ErrorCode::malformed,
                 .message = "is not a JSON object",
                 .file = std::string(file_name)};
  }
  for (const auto& [key, value] : whole.items()) {
    if (value.is_string()) texts.emplace(key, value.get<std::string>());
  }
  return texts;
}

}  // namespace prov::model
