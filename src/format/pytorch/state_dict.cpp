#include "format/pytorch/state_dict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "base/utf8.hpp"

namespace prov::format {
namespace {

constexpr std::size_t kMostNameBytes = 4096;
constexpr std::size_t kMostDepth = 16;
constexpr std::array<std::string_view, 6> kModelKeys = {"state_dict", "model_state_dict", "model",
                                                        "module",     "model_state",      "params"};
/// Beside a model in a training checkpoint; their tensors are not its weights.
constexpr std::array<std::string_view, 20> kOtherKeys = {"optimizer",
                                                         "optimizer_state_dict",
                                                         "optimizer_states",
                                                         "optimizers",
                                                         "optim",
                                                         "lr_scheduler",
                                                         "lr_schedulers",
                                                         "scheduler",
                                                         "scheduler_state_dict",
                                                         "scaler",
                                                         "grad_scaler",
                                                         "amp",
                                                         "callbacks",
                                                         "loops",
                                                         "rng_state",
                                                         "rng_states",
                                                         "random_rng_state",
                                                         "ema",
                                                         "ema_state_dict",
                                                         "model_ema"};

Error refused(ErrorCode code, std::string message, std::string field = {}) {
  return {.code = code, .message = std::move(message), .field = std::move(field)};
}

template <class Keys>
bool contains(const Keys& keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

class Search {
 public:
  explicit Search(const PickleValues& values) : values_(values) {}

  Result<StateDict> run(PickleId top) {
    if (values_.kind(top) != PickleKind::dictionary)
      return refused(ErrorCode::not_weights, "the file holds no dictionary of tensors");
    PROV_TRY(const PickleId model, descend(top));
    PROV_CHECK(collect(model, {}, 0));
    if (found_.entries.empty()) return refused(ErrorCode::not_weights, "the file holds no tensors");
    PROV_CHECK(check_names());
    drop_prefixes();
    return std::move(found_);
  }

 private:
  struct Member {
    std::string_view key;
    PickleId value;
  };

  /// Members whose keys are texts; the others (numbers of parameters) are none of a model's.
  std::vector<Member> members(PickleId dictionary) const {
    std::vector<Member> result;
    const std::span<const PickleId> items = values_.items(dictionary);
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (const auto key = values_.text_of(items[i])) result.push_back({*key, items[i + 1]});
    }
    return result;
  }

  /// Looks into each dictionary once, however often it is reached.
  bool holds_tensors(PickleId id, std::size_t depth) {
    if (values_.kind(id) == PickleKind::tensor) return true;
    if (values_.kind(id) != PickleKind::dictionary || depth > kMostDepth) return false;
    const auto [known, is_new] = holds_tensors_.emplace(id, false);
    if (!is_new) return known->second;
    // Optimizers number their tensors: keys are of any kind here.
    bool holds = false;
    const std::span<const PickleId> items = values_.items(id);
    for (std::size_t i = 1; i < items.size() && !holds; i += 2)
      holds = holds_tensors(items[i], depth + 1);
    holds_tensors_[id] = holds;
    return holds;
  }

  bool is_part(PickleId id) {
    return values_.kind(id) == PickleKind::dictionary && holds_tensors(id, 0);
  }

  /// From the top to the dictionary that is the model.
  Result<PickleId> descend(PickleId top) {
    std::string path;
    for (std::size_t depth = 0; depth < kMostDepth; ++depth) {
      const std::vector<Member> all = members(top);
      const Member* const next = model_among(all);
      if (next == nullptr) break;
      path += (path.empty() ? "" : ".") + std::string(next->key.substr(0, 256));
      for (const Member& other : all) {
        if (&other != next && is_part(other.value)) leave_out(other.key);
      }
      top = next->value;
    }
    if (!path.empty()) {
      found_.warnings.insert(
          found_.warnings.begin(),
          fmt::format("the model is what lies under \"{}\"", base::printable(path)));
    }
    return top;
  }

  const Member* model_among(const std::vector<Member>& all) {
    for (const std::string_view key : kModelKeys) {
      const auto found = std::ranges::find(all, key, &Member::key);
      if (found != all.end() && is_part(found->value)) return &*found;
    }
    const Member* only = nullptr;
    for (const Member& member : all) {
      if (values_.kind(member.value) == PickleKind::tensor) return nullptr;
      if (contains(kOtherKeys, member.key) || !is_part(member.value)) continue;
      if (only != nullptr) return nullptr;
      only = &member;
    }
    return only;
  }

  void leave_out(std::string_view key) {
    found_.warnings.push_back(
        fmt::format("the tensors under \"{}\" are left out", base::printable(key.substr(0, 256))));
  }

  Result<void> collect(PickleId dictionary, const std::string& prefix, std::size_t depth) {
    if (depth > kMostDepth)
      return refused(ErrorCode::too_large,
                     fmt::format("dictionaries nested deeper than {}", kMostDepth), prefix);
    if (!visited_.insert(dictionary).second)
      return refused(ErrorCode::malformed, "a dictionary that lies in more than one place", prefix);
    for (const Member& member : members(dictionary)) {
      const PickleKind kind = values_.kind(member.value);
      if (kind != PickleKind::tensor && kind != PickleKind::dictionary) continue;
      if (prefix.size() + member.key.size() > kMostNameBytes)
        return refused(ErrorCode::too_large,
                       fmt::format("a name of more than {} bytes", kMostNameBytes));
      std::string name = prefix + std::string(member.key);
      if (kind == PickleKind::tensor) {
        found_.entries.push_back({std::move(name), member.value});
      } else if (contains(kOtherKeys, member.key)) {
        if (is_part(member.value)) leave_out(name);
      } else {
        PROV_CHECK(collect(member.value, name + ".", depth + 1));
      }
    }
    return {};
  }

  Result<void> check_names() const {
    std::vector<std::string_view> names;
    for (const StateDict::Entry& entry : found_.entries) {
      if (entry.name.empty() || base::find_invalid_utf8(entry.name) != std::string::npos)
        return refused(ErrorCode::malformed, "a tensor's name is empty or not UTF-8", entry.name);
      names.push_back(entry.name);
    }
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice == names.end()) return {};
    return refused(ErrorCode::duplicate, "two tensors of this name", std::string(*twice));
  }

  /// What a wrapper around the model puts before every name.
  void drop_prefixes() {
    constexpr std::array<std::string_view, 2> kPrefixes = {"module.", "_orig_mod."};
    std::size_t dropped = 0;
    const std::string& first = found_.entries.front().name;
    for (bool more = true; more;) {
      more = false;
      for (const std::string_view prefix : kPrefixes) {
        if (!std::ranges::all_of(found_.entries, [&](const StateDict::Entry& entry) {
              return entry.name.size() > dropped + prefix.size() &&
                     std::string_view(entry.name).substr(dropped).starts_with(prefix);
            }))
          continue;
        dropped += prefix.size();
        more = true;
      }
    }
    if (dropped == 0) return;
    found_.warnings.push_back(
        fmt::format("names are read without \"{}\" before them", first.substr(0, dropped)));
    for (StateDict::Entry& entry : found_.entries) entry.name.erase(0, dropped);
  }

  const PickleValues& values_;
  StateDict found_;
  std::map<PickleId, bool> holds_tensors_;
  std::set<PickleId> visited_;
};

}  // namespace

Result<StateDict> find_state_dict(const PickleValues& values, PickleId top) {
  return Search(values).run(top);
}

}  // namespace prov::format
