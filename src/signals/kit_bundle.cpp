#include "signals/kit_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/try.hpp"
#include "model/json_text.hpp"

namespace prov::signals {
namespace {

using nlohmann::json;

constexpr double kLongestToken = 1e9;  // characters; beyond it a mean is no mean of tokens

// Each takes a value of its type, or says that it is none.
bool take(const json& value, std::string& out) {
  if (!value.is_string()) return false;
  out = value.get_ref<const std::string&>();
  return true;
}

bool take(const json& value, std::int64_t& out) {
  if (!value.is_number_integer()) return false;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > kMost) return false;
  out = value.get<std::int64_t>();
  return true;
}

bool take(const json& value, double& out) {
  if (!value.is_number()) return false;
  out = value.get<double>();
  return std::isfinite(out);
}

bool take(const json& value, bool& out) {
  if (!value.is_boolean()) return false;
  out = value.get<bool>();
  return true;
}

bool take(const json& value, model::ConfigNumber& out) {
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

bool take(const json& value, std::vector<std::string>& out) {
  if (!value.is_array()) return false;
  return std::ranges::all_of(value,
                             [&](const json& item) { return take(item, out.emplace_back()); });
}

template <class T>
bool take(const json& value, std::optional<T>& out) {
  out.reset();
  return value.is_null() || take(value, out.emplace());
}

/// The members of one object of the bundle.
class Members {
 public:
  static Result<Members> of(const json& bundle, std::string_view name, std::string_view file) {
    const auto found = bundle.find(name);
    if (found != bundle.end() && found->is_object()) return Members(*found, name, file);
    return Error{.code = ErrorCode::malformed,
                 .message = "the record has no such object",
                 .file = std::string(file),
                 .field = std::string(name)};
  }

  template <class T>
  Result<void> required(std::string_view name, T& out) const {
    const auto found = object_->find(name);
    if (found == object_->end()) return error(name, "the field is missing");
    return read(*found, name, out);
  }
  /// What is missing keeps its default.
  template <class T>
  Result<void> if_there(std::string_view name, T& out) const {
    const auto found = object_->find(name);
    return found == object_->end() ? Result<void>() : read(*found, name, out);
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
  const json* find(std::string_view name) const {
    const auto found = object_->find(name);
    return found == object_->end() ? nullptr : &*found;
  }
  Error error(std::string_view name, std::string message) const {
    return {.code = ErrorCode::malformed,
            .message = std::move(message),
            .file = file_,
            .field = fmt::format("{}.{}", prefix_, name)};
  }

 private:
  Members(const json& object, std::string_view prefix, std::string_view file)
      : object_(&object), prefix_(prefix), file_(file) {}

  template <class T>
  Result<void> read(const json& value, std::string_view name, T& out) const {
    if (take(value, out)) return {};
    return error(name, fmt::format("the value is {}, which does not fit", value.type_name()));
  }

  const json* object_;
  std::string prefix_, file_;
};

Result<MfiRecord> read_mfi(const json& bundle, std::string_view file) {
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
  const json* scaling = members.find("rope_scaling");
  if (scaling == nullptr || (!scaling->is_null() && !scaling->is_object()))
    return members.error("rope_scaling", "neither an object nor null");
  r.rope_scaling = scaling->dump();
  return r;
}

Result<TokenizerFeatures> read_tfv(const json& bundle, std::string_view file) {
  PROV_TRY(const Members members, Members::of(bundle, "tfv", file));
  TokenizerFeatures f;
  PROV_CHECK(members.required_count("vocab_size", f.vocab_size));
  PROV_CHECK(members.required("tokenizer_class", f.tokenizer_class));
  PROV_CHECK(members.if_there("bos_token_id", f.bos_token_id));
  PROV_CHECK(members.if_there("eos_token_id", f.eos_token_id));
  PROV_CHECK(members.if_there("pad_token_id", f.pad_token_id));
  PROV_CHECK(members.if_there("num_added_tokens", f.num_added_tokens));
  PROV_CHECK(members.if_there("num_special_tokens", f.num_special_tokens));
  if (members.find("num_merges") != nullptr)
    PROV_CHECK(members.required_count("num_merges", f.num_merges));
  PROV_CHECK(members.if_there("first_5_merges", f.first_merges));
  PROV_CHECK(members.if_there("merge_rule_hash", f.merge_rule_hash));
  PROV_CHECK(members.if_there_up_to(1, "pct_single_char", f.single_character_share));
  PROV_CHECK(members.if_there_up_to(kLongestToken, "avg_token_length", f.average_length));
  PROV_CHECK(members.if_there("max_token_length", f.longest));
  PROV_CHECK(members.if_there_up_to(1, "pct_whitespace_prefix", f.space_prefix_share));
  PROV_CHECK(members.if_there_up_to(1, "pct_byte_tokens", f.byte_share));
  if (members.find("special_token_ids") != nullptr) {
    PROV_TRY(const Members ids, Members::of(bundle["tfv"], "special_token_ids", file));
    PROV_CHECK(ids.if_there("pad", f.pad_token_id));
    PROV_CHECK(ids.if_there("unk", f.unk_token_id));
    PROV_CHECK(ids.if_there("mask", f.mask_token_id));
  }
  if (members.find("script_distribution") != nullptr) {
    PROV_TRY(const Members scripts, Members::of(bundle["tfv"], "script_distribution", file));
    for (const auto& [name, share] : bundle["tfv"]["script_distribution"].items()) {
      f.scripts.emplace_back(name, 0.0);
      PROV_CHECK(scripts.if_there_up_to(1, name, f.scripts.back().second));
    }
    std::ranges::stable_sort(f.scripts, std::ranges::greater(),
                             &decltype(f.scripts)::value_type::second);
  }
  return f;
}

/// As the kit takes them: what is missing or of another type is the default.
void read_nlf_form(const json& bundle, KitBundle& result) {
  const auto summary = bundle.find("signals");
  if (summary == bundle.end() || !summary->is_object()) return;
  result.nlf_is_direct = summary->value("nlf_mode", json()) == "direct";
  std::int64_t tensors = 0;
  if (take(summary->value("nlf_num_layers", json()), tensors) && tensors > 0 &&
      tensors <= std::numeric_limits<std::int32_t>::max())
    result.nlf_tensors = static_cast<std::uint32_t>(tensors);
}

std::string deep_signals_path(const json& bundle) {
  const auto references = bundle.find("artifact_refs");
  if (references == bundle.end() || !references->is_array()) return {};
  for (const json& reference : *references) {
    if (!reference.is_object() || reference.value("type", json()) != "deep_signals") continue;
    std::string path;
    return take(reference.value("path", json()), path) ? path : std::string();
  }
  return {};
}

}  // namespace

Result<KitBundle> parse_kit_bundle(std::string_view text, std::string_view file_name) {
  PROV_TRY(const json bundle, model::parse_json_text(text, file_name));
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
  take(bundle.value("model_id", json()), result.model_id);
  result.deep_signals = deep_signals_path(bundle);
  read_nlf_form(bundle, result);
  return result;
}

}  // namespace prov::signals
