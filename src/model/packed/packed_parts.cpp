#include "model/packed/packed_parts.hpp"

#include <algorithm>

namespace prov::model {
namespace {

/// The end of a name. `telling`: only packed weights have it; others count beside one that tells.
struct Part {
  std::string_view name;
  bool telling = false;
};

// Longer ends before those that they end with.
constexpr Part kParts[] = {
    // GPTQ, AWQ
    {"qweight", true},
    {"qzeros", true},
    {"g_idx"},
    {"scales"},
    // bitsandbytes
    {"SCB", true},
    {"weight_format"},
    {"weight.absmax", true},
    {"weight.quant_map", true},
    {"weight.nested_absmax"},
    {"weight.nested_quant_map"},
    {"weight.quant_state.bitsandbytes__nf4", true},
    {"weight.quant_state.bitsandbytes__fp4", true},
    // FP8, compressed-tensors, ModelOpt
    {"weight_scale_inv", true},
    {"qscale_weight", true},
    {"weight_scale_2", true},
    {"weight_scale", true},
    {"weight_packed", true},
    {"weight_zero_point"},
    {"weight_global_scale"},
    {"weight_shape"},
    {"weight_g_idx"},
    {"pre_quant_scale"},
    {"input_scale"},
    {"input_zero_point"},
    {"input_global_scale"},
    {"output_scale"},
    {"qscale_act"},
    {"activation_scale"},
    {"activation_scale_ub"},
    {"input_scale_ub"},
    // HQQ
    {"W_q", true},
    {"scale"},
    {"zero"},
    {"nbits"},
    {"group_size"},
    {"shape"},
    {"axis"},
    {"channel_wise"},
    {"compute_dtype"},
    {"optimize"},
    {"packing"},
    {"quant_scale"},
    {"quant_zero"},
    {"round_zero"},
    {"encoded_state_dict"},
    {"stores_quant_config"},
    {"unpack_view_dtype"},
    {"view_as_float"},
    {"offload_meta"},
    // MLX
    {"biases"},
    {"global_scale"},
    {"weight"},
};

/// gpt-oss names its parts without a point.
constexpr std::string_view kJoinedEnds[] = {"_blocks", "_scales"};

struct Split {
  std::string_view module, part;
  bool telling = false;
};

std::optional<Split> split(std::string_view name) {
  for (const std::string_view end : kJoinedEnds) {
    if (name.ends_with(end) && name.size() > end.size())
      return Split{name.substr(0, name.size() - end.size()), end, end == "_blocks"};
  }
  for (const Part& part : kParts) {
    if (!name.ends_with(part.name) || name.size() < part.name.size() + 2) continue;
    const std::size_t point = name.size() - part.name.size() - 1;
    if (name[point] != '.') continue;
    return Split{name.substr(0, point), part.name, part.telling};
  }
  return std::nullopt;
}

}  // namespace

std::map<std::string, PackedModule> packed_modules(const Checkpoint& checkpoint,
                                                   const QuantisationClaim* claim) {
  std::map<std::string, PackedModule> modules;
  std::map<std::string, bool> tells;
  for (const Tensor& tensor : checkpoint.tensors) {
    const auto found = split(tensor.info.name);
    if (!found) continue;
    const std::string name(found->module);
    PackedModule& module = modules[name];
    module.name = name;
    module.checkpoint = &checkpoint;
    module.claim = claim;
    module.parts.emplace(found->part, &tensor);
    // MLX's words are an unsigned type that nothing else uses.
    const bool words = found->part == "weight" && tensor.info.dtype == format::Dtype::u32;
    tells[name] |= found->telling || words;
  }
  std::erase_if(modules, [&](const auto& entry) { return !tells[entry.first]; });
  return modules;
}

}  // namespace prov::model
