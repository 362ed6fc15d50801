#include "signals/kit_bundle.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/try.hpp"
#include "model/json_text.hpp"

namespace prov::signals {
namespace {

using simdjson::dom::element;

constexpr std::size_t kDeepest = 100;
constexpr double kLongestToken = 1e9;  // characters; beyond it a mean is no mean of tokens

/// The last member of that name, as Python reads it.
std::optional<element> member(element value, std::string_view name) {
  simdjson::dom::object object;
  std::optional<element> found;
  if (value.get(object) != simdjson::SUCCESS) return found;
  for (const auto& [key, of_key] : object) {
    if (key == name) found = of_key;
  }
  return found;
}

// Each takes a value of its type, or says that it is none.
bool take(element value, std::string& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

bool take(element value, std::int64_t& out) { return value.get(out) == simdjson::SUCCESS; }

bool take(element value, double& out) {
  return value.get(out) == simdjson::SUCCESS && std::isfinite(out);
}

bool take(element value, bool& out) { return value.get(out) == simdjson::SUCCESS; }

bool take(element value, model::ConfigNumber& out) {
  std::int64_t whole = 0;
  double real = 0;
  if (take(value, whole)) {
    out = whole;
  } else if (take(value, real)) {
    out = real;
  } else {
    return false;
  }
  return true;
}

bool take(element value, std::vector<std::string>& out) {
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) return false;
  return std::all_of(array.begin(), array.end(),
                     [&](element item) { return take(item, out.emplace_back()); });
}

template <class T>
bool take(element value, std::optional<T>& out) {
  out.reset();
  return value.is_null() || take(value, out.emplace());
}

std::string_view name_of_type(element value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "array";
    case simdjson::dom::element_type::OBJECT:
      return "object";
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE:
      return "number";
    case simdjson::dom::element_type::STRING:
      return "string";
    case simdjson::dom::element_type::BOOL:
      return "boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
  }
  return "something else";
}

/// The members of one object of the bundle.
class Members {
 public:
  static Result<Members> of(element bundle, std::string_view name, std::string_view file) {
    const std::optional<element> found = member(bundle, name);
    if (found && found->is_object()) return Members(*found, name, file);
    return Error{.code = ErrorCode::malformed,
                 .message = "the record has no such object",
                 .file = std::string(file),
                 .field = std::string(name)};
  }

  template <class T>
  Result<void> required(std::string_view name, T& out) const {
    const std::optional<element> found = find(name);
    if (!found) return error(name, "the field is missing");
    return read(*found, name, out);
  }
  /// What is missing keeps its default.
  template <class T>
  Result<void> if_there(std::string_view name, T& out) const {
    const std::optional<element> found = find(name);
    return found ? read(*found, name, out) : Result<void>();
  }
  /// A number that counts something.
  Result<void> required_count(std::string_view name, std::int64_t& out) const {
    PROV_CHECK(required(name, out));
    return out >= 0 ? Result<void>() : error(name, "the number is negative");
  }
  /// A real number from 0 to `most`.
  template <class T>
  Result<void> if_there_up_to(double most, std::string_view name, T& out) const {
    PROV_CHECK(if_there(name, out));
    const std::optional<double> number = out;
    if (!number || (*number >= 0 && *number <= most)) return {};
    return error(name, fmt::format("the number is not from 0 to {}", most));
  }
  std::optional<element> find(std::string_view name) const { return member(object_, name); }
  element object() const { return object_; }
  std::vector<std::string_view> names() const {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : simdjson::dom::object(object_)) names.push_back(name);
    return names;
  }
  Error error(std::string_view name, std::string message) const {
    return {.code = ErrorCode::malformed,
            .message = std::move(message),
            .file = file_,
            .field = fmt::format("{}.{}", prefix_, name)};
  }

 private:
  Members(element object, std::string_view prefix, std::string_view file)
      : object_(object), prefix_(prefix), file_(file) {}

  template <class T>
  Result<void> read(element value, std::string_view name, T& out) const {
    if (take(value, out)) return {};
    return error(name, fmt::format("the value is {}, which does not fit", name_of_type(value)));
  }

  element object_;
  std::string prefix_, file_;
};

Result<MfiRecord> read_mfi(element bundle, std::string_view file) {
  PROV_TRY(const Members members, Members::of(bundle, "mfi", file));
  MfiRecord r;
  PROV_CHECK(members.required("model_type", r.model_type));
  PROV_CHECK(members.required("architectures", r.architectures));
  PROV_CHECK(members.required_count("hidden_size", r.hidden_size));
  PROV_CHECK(members.required_count("num_hidden_layers", r.num_hidden_layers));
  PROV_CHECK(members.required_count("num_attention_heads", r.num_attention_heads));
  PROV_CHECK(members.required("num_key_value_heads", r.num_key_value_heads));
  PROV_CHECK(members.required_count("intermediate_size", r.intermediate_size));
  PROV_CHECK(members.required_count("vocab_size", r.vocab_size));
  PROV_CHECK(members.required_count("max_position_embeddings", r.max_position_embeddings));
  PROV_CHECK(members.required("hidden_act", r.hidden_act));
  PROV_CHECK(members.required("rope_theta", r.rope_theta));
  PROV_CHECK(members.required("tie_word_embeddings", r.tie_word_embeddings));
  PROV_CHECK(members.required("bos_token_id", r.bos_token_id));
  PROV_CHECK(members.required("eos_token_id", r.eos_token_id));
  PROV_CHECK(members.required("gqa_ratio", r.gqa_ratio));
  PROV_CHECK(members.required("attention_style", r.attention_style));
  PROV_CHECK(members.required("norm_type", r.norm_type));
  PROV_CHECK(members.required("attention_bias", r.attention_bias));
  PROV_CHECK(members.required("qk_norm", r.qk_norm));
  PROV_CHECK(members.required("pos_encoding", r.pos_encoding));
  PROV_CHECK(members.if_there("head_dim", r.head_dim));  // newer than the rest
  PROV_CHECK(members.required("tokenizer_hash", r.tokenizer_hash));
  PROV_CHECK(members.required("token_id_signature", r.token_id_signature));
  PROV_CHECK(members.required("arch_hash", r.arch_hash));
  PROV_CHECK(members.required("family_hash", r.family_hash));
  const std::optional<element> scaling = members.find("rope_scaling");
  if (!scaling || (!scaling->is_null() && !scaling->is_object()))
    return members.error("rope_scaling", "neither an object nor null");
  PROV_TRY(const nlohmann::json in_order, model::parse_json_text(simdjson::minify(*scaling), file));
  r.rope_scaling = in_order.dump();
  return r;
}

Result<TokenizerFeatures> read_tfv(element bundle, std::string_view file) {
  PROV_TRY(const Members members, Members::of(bundle, "tfv", file));
  TokenizerFeatures f;
  PROV_CHECK(members.required_count("vocab_size", f.vocab_size));
  PROV_CHECK(members.required("tokenizer_class", f.tokenizer_class));
  PROV_CHECK(members.if_there("bos_token_id", f.bos_token_id));
  PROV_CHECK(members.if_there("eos_token_id", f.eos_token_id));
  PROV_CHECK(members.if_there("pad_token_id", f.pad_token_id));
  PROV_CHECK(members.if_there("num_added_tokens", f.num_added_tokens));
  PROV_CHECK(members.if_there("num_special_tokens", f.num_special_tokens));
  if (members.find("num_merges")) PROV_CHECK(members.required_count("num_merges", f.num_merges));
  PROV_CHECK(members.if_there("first_5_merges", f.first_merges));
  PROV_CHECK(members.if_there("merge_rule_hash", f.merge_rule_hash));
  PROV_CHECK(members.if_there_up_to(1, "pct_single_char", f.single_character_share));
  PROV_CHECK(members.if_there_up_to(kLongestToken, "avg_token_length", f.average_length));
  PROV_CHECK(members.if_there("max_token_length", f.longest));
  PROV_CHECK(members.if_there_up_to(1, "pct_whitespace_prefix", f.space_prefix_share));
  PROV_CHECK(members.if_there_up_to(1, "pct_byte_tokens", f.byte_share));
  if (members.find("special_token_ids")) {
    PROV_TRY(const Members ids, Members::of(members.object(), "special_token_ids", file));
    PROV_CHECK(ids.if_there("pad", f.pad_token_id));
    PROV_CHECK(ids.if_there("unk", f.unk_token_id));
    PROV_CHECK(ids.if_there("mask", f.mask_token_id));
  }
  if (members.find("script_distribution")) {
    PROV_TRY(const Members scripts, Members::of(members.object(), "script_distribution", file));
    std::map<std::string, double> share_of;
    for (const std::string_view name : scripts.names())
      PROV_CHECK(scripts.if_there_up_to(1, name, share_of[std::string(name)]));
    f.scripts.assign(share_of.begin(), share_of.end());
    std::ranges::stable_sort(f.scripts, std::ranges::greater(),
                             &decltype(f.scripts)::value_type::second);
  }
  return f;
}

bool is_text(std::optional<element> value, std::string_view text) {
  std::string_view found;
  return value && value->get(found) == simdjson::SUCCESS && found == text;
}

/// As the kit takes them: what is missing or of another type is the default.
void read_nlf_form(element bundle, KitBundle& result) {
  const std::optional<element> summary = member(bundle, "signals");
  if (!summary) return;
  result.nlf_is_direct = is_text(member(*summary, "nlf_mode"), "direct");
  std::int64_t tensors = 0;
  if (const auto count = member(*summary, "nlf_num_layers");
      count && take(*count, tensors) && tensors > 0 &&
      tensors <= std::numeric_limits<std::int32_t>::max())
    result.nlf_tensors = static_cast<std::uint32_t>(tensors);
}

std::string deep_signals_path(element bundle) {
  const std::optional<element> references = member(bundle, "artifact_refs");
  simdjson::dom::array array;
  if (!references || references->get(array) != simdjson::SUCCESS) return {};
  for (const element reference : array) {
    if (!is_text(member(reference, "type"), "deep_signals")) continue;
    std::string path;
    if (const auto named = member(reference, "path")) take(*named, path);
    return path;
  }
  return {};
}

/// What simdjson refuses may still be what Python writes: NaN, numbers of more than 64 bits.
Result<element> parse(simdjson::dom::parser& parser, std::string_view text,
                      std::string_view file_name) {
  element bundle;
  if (parser.allocate(text.size(), kDeepest) == simdjson::SUCCESS &&
      parser.parse(text).get(bundle) == simdjson::SUCCESS)
    return bundle;
  PROV_TRY(const nlohmann::json plain, model::parse_json_text(text, file_name));
  if (parser.parse(plain.dump()).get(bundle) == simdjson::SUCCESS) return bundle;
  return Error{
      .code = ErrorCode::malformed, .message = "is not valid JSON", .file = std::string(file_name)};
}

}  // namespace

Result<KitBundle> parse_kit_bundle(std::string_view text, std::string_view file_name) {
  simdjson::dom::parser parser;
  PROV_TRY(const element bundle, parse(parser, text, file_name));
  if (!bundle.is_object()) {
    return Error{.code = ErrorCode::malformed,
                 .message = "the record is not a JSON object",
                 .file = std::string(file_name)};
  }
  KitBundle result;
  PROV_TRY(result.mfi, read_mfi(bundle, file_name));
  Result<TokenizerFeatures> tfv = read_tfv(bundle, file_name);
  if (tfv) {
    result.tfv = *std::move(tfv);
  } else {
    result.notes.push_back(std::move(tfv).error());
  }
  if (const auto id = member(bundle, "model_id")) take(*id, result.model_id);
  result.deep_signals = deep_signals_path(bundle);
  read_nlf_form(bundle, result);
  return result;
}

}  // namespace prov::signals
