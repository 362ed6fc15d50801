#include "model/gguf/conversion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/printable.hpp"
#include "model/gguf/tensor_names.hpp"
#include "model/gguf/transposed.hpp"

namespace prov::model {
namespace {

constexpr std::uint64_t kMostExperts = 4096;
constexpr std::string_view kExpertSlot = "{E}";
constexpr std::string_view kLayers = "blk.";

/// "blk.12.attn_q.weight" -> 12; 0 outside the layers.
std::size_t layer_of(std::string_view name) {
  if (!name.starts_with(kLayers)) return 0;
  std::size_t layer = 0;
  for (char c : name.substr(kLayers.size(), 6)) {
    if (c < '0' || c > '9') break;
    layer = layer * 10 + static_cast<std::size_t>(c - '0');
  }
  return layer;
}

/// A number of the architecture, or of one layer where each has its own; 0 if it is not given.
std::uint64_t number_of_layer(const format::GgufMetadata& metadata, const std::string& key,
                              std::size_t layer) {
  std::optional<std::int64_t> number = metadata.integer(key);
  if (const format::GgufArray* each = metadata.array(key); each != nullptr && layer < each->size())
    number = each->integer(layer);
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

class Conversion {
 public:
  explicit Conversion(Checkpoint& checkpoint) : checkpoint_(checkpoint) {
    if (const std::string* name = metadata().text("general.architecture")) name_ = *name;
    architecture_ = find_gguf_architecture(name_);
  }

  void undo() {
    if (architecture_ == nullptr) {
      checkpoint_.warnings.push_back(
          fmt::format("the GGUF architecture \"{}\" is not known: names are read as Llama's, rows "
                      "and values as they stand",
                      base::printable(name_)));
    }
    std::vector<Tensor> stored;
    stored.swap(checkpoint_.tensors);
    for (Tensor& tensor : stored) take(std::move(tensor));
    join_halves();
    if (not_ordered_ > 0) {
      checkpoint_.warnings.push_back(
          fmt::format("{} tensors have rows that {}.attention.head_count does not explain: their "
                      "order was left as it is",
                      not_ordered_, base::printable(name_)));
    }
  }

 private:
  const format::GgufMetadata& metadata() const { return *checkpoint_.gguf; }

  std::uint64_t heads(std::string_view kind, std::size_t layer) const {
    return number_of_layer(metadata(), fmt::format("{}.attention.{}", name_, kind), layer);
  }

  void take(Tensor tensor) {
    tensor.restoration = restoration_of(tensor);
    const auto name = translated_name(architecture_, tensor.info.name);
    if (!name) return add(std::move(tensor));
    if (name->find(kExpertSlot) == std::string::npos || !take_experts(tensor, *name)) {
      if (is_conv1d(tensor)) tensor = transposed_tensor(tensor);
      tensor.info.name = *name;
      add(std::move(tensor));
    }
  }

  bool is_conv1d(const Tensor& tensor) const {
    return architecture_ != nullptr && architecture_->conv1d && tensor.info.shape.size() == 2 &&
           tensor.info.name.starts_with(kLayers);
  }

  /// Where the file holds kv_b_proj itself, too, as some do, the halves stay as they are.
  void join_halves() {
    constexpr std::string_view kKey = ".k_b_proj.weight", kValue = ".v_b_proj.weight",
                               kWhole = ".kv_b_proj.weight";
    std::map<std::string, Tensor*, std::less<>> by_name;
    for (Tensor& tensor : checkpoint_.tensors) by_name.emplace(tensor.info.name, &tensor);
    std::vector<Tensor> joined;
    for (const auto& [name, key] : by_name) {
      if (!name.ends_with(kKey)) continue;
      const std::string module = name.substr(0, name.size() - kKey.size());
      const auto value = by_name.find(module + std::string(kValue));
      const std::string whole = module + std::string(kWhole);
      if (value == by_name.end() || by_name.contains(whole)) continue;
      auto tensor = joined_key_value(*key, *value->second, whole);
      if (!tensor) continue;
      joined.push_back(*std::move(tensor));
      key->info.name.clear();
      value->second->info.name.clear();
    }
    std::erase_if(checkpoint_.tensors,
                  [](const Tensor& tensor) { return tensor.info.name.empty(); });
    for (Tensor& tensor : joined) add(std::move(tensor));
  }

  void add(Tensor tensor) { checkpoint_.tensors.push_back(std::move(tensor)); }

  /// [experts, ...] becomes one tensor an expert: each is a run of whole rows.
  bool take_experts(const Tensor& stack, const std::string& name) {
    const auto& shape = stack.info.shape;
    if (shape.size() < 2 || shape[0] == 0 || shape[0] > kMostExperts ||
        stack.info.bytes % shape[0] != 0)
      return false;
    for (std::uint64_t expert = 0; expert < shape[0]; ++expert) {
      Tensor one = stack;
      one.info.name = name;
      one.info.name.replace(name.find(kExpertSlot), kExpertSlot.size(), std::to_string(expert));
      one.info.shape.erase(one.info.shape.begin());
      one.info.bytes = stack.info.bytes / shape[0];
      one.info.offset += expert * one.info.bytes;
      add(std::move(one));
    }
    return true;
  }

  Restoration restoration_of(const Tensor& tensor) {
    const std::string_view name = tensor.info.name;
    Restoration restoration;
    if (architecture_ == nullptr) return restoration;
    restoration.minus_one = architecture_->gains_plus_one && name.ends_with("norm.weight");
    const std::size_t layer = layer_of(name);
    const std::uint64_t query = heads("head_count", layer);
    const std::uint64_t key = heads("head_count_kv", layer);
    const auto is = [&](std::string_view stem) {
      return name.find(stem) != std::string_view::npos;
    };
    if (architecture_->rotary_pairs && (is(".attn_q.") || is(".attn_k."))) {
      restoration.order = RowOrder::rotary_pairs;
      restoration.heads = is(".attn_k.") && key > 0 ? key : query;
    }
    if (architecture_->parts_apart && is(".attn_qkv.")) {
      restoration.order = RowOrder::parts_apart;
      restoration.heads = query;
      restoration.key_heads = key > 0 ? key : query;
    }
    if (!restoration.fits(tensor.rows())) {
      ++not_ordered_;
      restoration.order = RowOrder::as_they_stand;
    }
    return restoration;
  }

  Checkpoint& checkpoint_;
  std::string name_ = "unnamed";
  const GgufArchitecture* architecture_ = nullptr;
  std::size_t not_ordered_ = 0;
};

}  // namespace

void undo_gguf_conversion(Checkpoint& checkpoint) { Conversion(checkpoint).undo(); }

}  // namespace prov::model
