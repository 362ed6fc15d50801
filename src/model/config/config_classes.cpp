#include "model/config/config_classes.hpp"

#include <simdjson.h>

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>

#include "model/config/config_rope.hpp"

namespace prov::embedded {
extern const std::string_view config_classes;
}

namespace prov::model {
namespace {

using nlohmann::json;

/// The classes that were asked for: all of them would take 2 ms.
class Classes {
 public:
  const json* find(std::string_view model_type) {
    const std::scoped_lock lock(mutex_);
    if (const auto known = parsed_.find(model_type); known != parsed_.end()) return &known->second;
    simdjson::dom::element found;
    if (all_[model_type].get(found) != simdjson::SUCCESS) return nullptr;
    return &parsed_.emplace(model_type, json::parse(simdjson::minify(found))).first->second;
  }

 private:
  std::mutex mutex_;
  simdjson::dom::parser parser_;
  simdjson::simdjson_result<simdjson::dom::element> all_ = parser_.parse(embedded::config_classes);
  std::map<std::string, json, std::less<>> parsed_;  // whose nodes stay where they are
};

const json* find_member(const json& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

/// Evaluates one rule of a class, such as
///   num_key_value_heads ?= num_attention_heads      if null or zero
///   intermediate_size := expand * hidden_size       always
///   hidden_size := n_embed given n_embed            if the file has that key
///   num_key_value_heads := 1 if multi_query         if the attribute is true
///   tie_word_embeddings ::= true                    in the end, over what the file says
class RuleInterpreter {
 public:
  RuleInterpreter(const json& file, json& values) : file_(file), values_(values) {}

  enum class Phase { class_defaults, end };

  void apply(const std::string& rule, Phase phase) {
    std::istringstream words(rule);
    std::string target, assignment, first;
    words >> target >> assignment >> first;
    if ((assignment == "::=") != (phase == Phase::end)) return;
    if (assignment == "?=" && is_truthy(values_[target])) return;
    json result = operand(first);
    if (first == "len") {
      std::string list;
      words >> list;
      result = length(operand(list));
    }
    for (std::string word, other; words >> word >> other;) {
      if (word == "given" && !file_.contains(other)) return;
      if (word == "if" && !is_truthy(operand(other))) return;
      if (word != "given" && word != "if") result = combine(result, word, operand(other));
    }
    values_[target] = std::move(result);
  }

 private:
  json operand(const std::string& word) const {
    if (const json* value = find_member(values_, word)) return *value;
    if (const json* value = find_member(file_, word)) return *value;
    json literal = json::parse(word, nullptr, false);  // else the name of an absent attribute
    return literal.is_discarded() ? json(nullptr) : literal;
  }

  static json length(const json& value) {
    if (value.is_string()) return value.get_ref<const std::string&>().size();
    return value.is_array() ? json(value.size()) : json(nullptr);
  }

  /// Null where the numbers do not allow it: a config may hold anything.
  static json combine(const json& left, const std::string& sign, const json& right) {
    if (!left.is_number_integer() || !right.is_number_integer()) return nullptr;
    const auto a = left.get<std::int64_t>(), b = right.get<std::int64_t>();
    std::int64_t result = 0;
    bool overflow = false;
    if (sign == "//") {
      if (a < 0 || b <= 0) return nullptr;
      result = a / b;
    } else if (sign == "*") {
      overflow = __builtin_mul_overflow(a, b, &result);
    } else {
      overflow = __builtin_add_overflow(a, b, &result);
    }
    return overflow ? json(nullptr) : json(result);
  }

  const json& file_;
  json& values_;
};

}  // namespace

bool is_truthy(const json& value) {
  switch (value.type()) {
    case json::value_t::null:
    case json::value_t::discarded:
      return false;
    case json::value_t::boolean:
      return value.get<bool>();
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float:
      return value.get<double>() != 0.0;
    case json::value_t::object:
    case json::value_t::array:
      return !value.empty();
    case json::value_t::string:
      return !value.get_ref<const std::string&>().empty();
    case json::value_t::binary:
      break;
  }
  return true;
}

const json* find_config_class(std::string_view model_type) {
  static Classes classes;
  return classes.find(model_type);
}

json config_attributes(std::string_view model_type, const json& file) {
  static const json kNoClass = {{"d", json::object()}};
  const json* facts = find_config_class(model_type);
  const bool known = facts != nullptr;
  if (!known) facts = &kNoClass;

  const json& declared = (*facts)["d"];
  json values = facts->value("x", json::object());
  for (const auto& [name, value] : declared.items()) {
    const json* given = find_member(file, name);
    values[name] = given ? *given : value;
  }
  const json rules = facts->value("rules", json::array());
  RuleInterpreter interpreter(file, values);
  for (const json& rule : rules) interpreter.apply(rule, RuleInterpreter::Phase::class_defaults);

  json used = json::array();
  const json* settings = find_member(*facts, "rope");
  const auto given = [&file](const char* key) {
    return file.contains(key) && is_truthy(file[key]);
  };
  if (settings || (known && given("rope_scaling") && given("rope_theta"))) {
    used = join_rope_settings(settings ? *settings : json::object(), file, values);
  }

  // What the class does not declare becomes an attribute as well, under its own name.
  const json alias = facts->value("alias", json::object());
  for (const auto& [key, value] : file.items()) {
    if (declared.contains(key) || std::find(used.begin(), used.end(), key) != used.end()) continue;
    const json* other_name = find_member(alias, key);
    values[key == "rope_scaling" ? "rope_parameters"
           : other_name          ? other_name->get<std::string>()
                                 : key] = value;
  }
  if (const auto parameters = values.find("rope_parameters"); parameters != values.end()) {
    complete_rope_type(*parameters);
  }
  for (const json& rule : rules) interpreter.apply(rule, RuleInterpreter::Phase::end);
  for (const auto& [standard, own] : alias.items()) {
    if (const json* value = find_member(values, own.get_ref<const std::string&>()))
      values[standard] = *value;
  }
  return values;
}

}  // namespace prov::model
