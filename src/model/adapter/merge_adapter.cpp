#include "model/adapter/merge_adapter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/try.hpp"

namespace prov::model {
namespace {

constexpr std::string_view kPrefix = "base_model.model.";
constexpr const char* kHead = "lm_head.weight";

/// Parts of a module that an adapter changes, by kind.
struct Parts {
  const Tensor *a = nullptr, *b = nullptr, *magnitude = nullptr;
  bool embedding = false;
};

struct PartName {
  std::string_view end;
  const Tensor* Parts::* part;
  bool embedding;
};

constexpr PartName kPartNames[] = {
    {".lora_A.weight", &Parts::a, false},
    {".lora_A.default.weight", &Parts::a, false},
    {".lora_B.weight", &Parts::b, false},
    {".lora_B.default.weight", &Parts::b, false},
    {".lora_embedding_A", &Parts::a, true},
    {".lora_embedding_A.default", &Parts::a, true},
    {".lora_embedding_B", &Parts::b, true},
    {".lora_embedding_B.default", &Parts::b, true},
    {".lora_magnitude_vector", &Parts::magnitude, false},
    {".lora_magnitude_vector.weight", &Parts::magnitude, false},
    {".lora_magnitude_vector.default.weight", &Parts::magnitude, false},
};

std::string without(std::string name, std::string_view part) {
  const std::size_t at = name.find(part);
  return at == std::string::npos ? name : name.erase(at, part.size());
}

/// A tensor that replaces one of the base: its name there.
std::string saved_name(std::string name) {
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  name = without(std::move(name), ".modules_to_save.default");
  return without(without(std::move(name), ".modules_to_save"), ".base_layer");
}

/// The tensor of the base that `name` means; null if there is none.
const Tensor* target_of(const Checkpoint& base, std::string_view name) {
  for (std::string_view rest = name;; rest = rest.substr(rest.find('.') + 1)) {
    if (const Tensor* found = base.find(rest)) return found;
    if (rest.find('.') == std::string_view::npos) break;
  }
  return base.find("model." + std::string(name));
}

class Merging {
 public:
  Merging(Checkpoint base, Checkpoint adapter, const AdapterConfig& config)
      : adapter_(std::move(adapter)), config_(config) {
    result_.merged = std::move(base);
  }

  Result<AdapterMerge> run() && {
    PROV_CHECK(sort_parts());
    const std::size_t shift = result_.merged.files.size();
    for (const auto& [module, parts] : modules_) PROV_CHECK(add_update(module, parts, shift));
    for (const Tensor* tensor : saved_) add_saved(*tensor, shift);
    if (misfits_ > 0) {
      result_.misfit = fmt::format("{} of its {} modules do not fit: {}", misfits_,
                                   modules_.size() + saved_.size(), first_misfit_);
      return std::move(result_);
    }
    std::ranges::move(adapter_.files, std::back_inserter(result_.merged.files));
    apply();
    return std::move(result_);
  }

 private:
  Error error(const Tensor& tensor, ErrorCode code, std::string message) const {
    return {.code = code,
            .message = std::move(message),
            .file = adapter_.files[tensor.file]->name(),
            .field = tensor.info.name,
            .hint = {}};
  }

  Result<void> sort_parts() {
    for (const Tensor& tensor : adapter_.tensors) {
      std::string name = tensor.info.name;
      if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
      const auto* const found = std::ranges::find_if(
          kPartNames, [&](const PartName& part) { return name.ends_with(part.end); });
      if (found != std::end(kPartNames)) {
        Parts& parts = modules_[name.substr(0, name.size() - found->end.size())];
        parts.*(found->part) = &tensor;
        parts.embedding |= found->embedding;
      } else if (name.find("lora_") != std::string::npos) {
        return error(tensor, ErrorCode::unsupported, "a part of an adapter that is not known");
      } else {
        saved_.push_back(&tensor);
      }
    }
    return {};
  }

  Result<void> check_factors(const std::string& module, const Parts& parts) const {
    const Tensor& some = parts.a != nullptr   ? *parts.a
                         : parts.b != nullptr ? *parts.b
                                              : *parts.magnitude;
    if (parts.a == nullptr || parts.b == nullptr)
      return error(some, ErrorCode::not_found, "the other factor of this one is missing");
    const auto &a = parts.a->info.shape, &b = parts.b->info.shape;
    if (a.size() != 2 || b.size() != 2 || a[0] != b[1] || a[0] == 0) {
      return error(*parts.b, ErrorCode::size_mismatch,
                   fmt::format("factors [{}] and [{}] have no product of two matrices",
                               fmt::join(b, ", "), fmt::join(a, ", ")));
    }
    if (static_cast<double>(a[0]) != config_.rank_of(module)) {
      return error(*parts.a, ErrorCode::size_mismatch,
                   fmt::format("its rank is {}, adapter_config.json says {}", a[0],
                               config_.rank_of(module)));
    }
    if (config_.weight_decomposed && parts.magnitude == nullptr && !parts.embedding)
      return error(*parts.a, ErrorCode::not_found, "DoRA without its magnitude vector");
    if (parts.magnitude != nullptr && parts.magnitude->elements() != b[0])
      return error(*parts.magnitude, ErrorCode::size_mismatch, "not one magnitude an output");
    return {};
  }

  void add_misfit(std::string why) {
    if (misfits_++ == 0) first_misfit_ = std::move(why);
  }

  Result<void> add_update(const std::string& module, const Parts& parts, std::size_t shift) {
    PROV_CHECK(check_factors(module, parts));
    const Tensor* const target = target_of(result_.merged, module + ".weight");
    if (target == nullptr) {
      add_misfit(fmt::format("{} is not there", module));
      return {};
    }
    const std::uint64_t outputs = parts.b->rows(), inputs = parts.a->row_elements();
    const Layout layout = target->role.layout;
    const bool conv = config_.fan_in_fan_out || layout == Layout::transposed ||
                      layout == Layout::stacked_transposed;
    LowRankUpdate update{.module = module,
                         .target = *target,
                         .a = *parts.a,
                         .b = *parts.b,
                         .magnitude = std::nullopt,
                         .scale = static_cast<float>(config_.scale_of(module)),
                         .transposed = parts.embedding || conv};
    const std::uint64_t lines = update.transposed ? inputs : outputs,
                        columns = update.transposed ? outputs : inputs;
    if (target->info.shape != std::vector<std::uint64_t>{lines, columns}) {
      add_misfit(fmt::format("{} is [{}], the adapter is made for [{}, {}]", module,
                             fmt::join(target->info.shape, ", "), lines, columns));
      return {};
    }
    update.a.file += shift;
    update.b.file += shift;
    if (parts.magnitude != nullptr) {
      if (update.transposed) {
        return error(*parts.magnitude, ErrorCode::unsupported,
                     "DoRA is not applied to matrices that are stored transposed");
      }
      update.magnitude = *parts.magnitude;
      update.magnitude->file += shift;
    }
    result_.updates.push_back(std::move(update));
    return {};
  }

  void add_saved(const Tensor& tensor, std::size_t shift) {
    const std::string name = saved_name(tensor.info.name);
    const Tensor* const target = target_of(result_.merged, name);
    if (target == nullptr && name == kHead) {
      Tensor added = tensor;  // the base ties its head to the embedding, the adapter unties it
      added.file += shift;
      added.info.name = kHead;
      added.role = role_of(kHead);
      result_.replaced.emplace_back(kHead);
      added_.push_back(std::move(added));
      return;
    }
    if (target == nullptr || target->info.shape != tensor.info.shape) {
      add_misfit(
          fmt::format("{} is {}", name, target == nullptr ? "not there" : "of another shape"));
      return;
    }
    Tensor replacement = tensor;
    replacement.file += shift;
    replacement.info.name = target->info.name;
    replacement.role = target->role;
    result_.replaced.push_back(target->info.name);
    replacements_.push_back(std::move(replacement));
  }

  void apply() {
    for (Tensor& replacement : replacements_) *slot(replacement.info.name) = std::move(replacement);
    for (const LowRankUpdate& update : result_.updates) {
      Tensor* const tensor = slot(update.target.info.name);
      Tensor merged = update.target;
      merged.info.dtype = format::Dtype::f32;
      merged.info.bytes += update.a.info.bytes + update.b.info.bytes;
      merged.restoration = {};
      merged.composed = adapted_tensor(update);
      merged.parts.clear();  // no file holds what is adapted
      *tensor = std::move(merged);
    }
    std::ranges::move(added_, std::back_inserter(result_.merged.tensors));
    std::ranges::sort(result_.merged.tensors, {}, name_of);
  }

  static const std::string& name_of(const Tensor& tensor) { return tensor.info.name; }

  Tensor* slot(const std::string& name) {
    const auto found = std::ranges::lower_bound(result_.merged.tensors, name, {}, name_of);
    return &*found;
  }

  Checkpoint adapter_;
  const AdapterConfig& config_;
  AdapterMerge result_;
  std::map<std::string, Parts> modules_;
  std::vector<const Tensor*> saved_;
  std::vector<Tensor> replacements_, added_;
  std::size_t misfits_ = 0;
  std::string first_misfit_;
};

}  // namespace

bool holds_adapter(const Checkpoint& checkpoint) {
  if (checkpoint.tensors.empty()) return false;
  const auto is_factor = [](const Tensor& tensor) {
    return tensor.info.name.find(".lora_") != std::string::npos;
  };
  return std::ranges::any_of(checkpoint.tensors, is_factor) ||
         std::ranges::all_of(checkpoint.tensors, [](const Tensor& tensor) {
           return tensor.info.name.starts_with("base_model.");
         });
}

Result<AdapterMerge> merge_adapter(Checkpoint base, Checkpoint adapter,
                                   const AdapterConfig& config) {
  return Merging(std::move(base), std::move(adapter), config).run();
}

}  // namespace prov::model
