#include "model/packed/join_packed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "model/packed/awq.hpp"
#include "model/packed/bitsandbytes.hpp"
#include "model/packed/compressed_integers.hpp"
#include "model/packed/float4.hpp"
#include "model/packed/float8.hpp"
#include "model/packed/gptq.hpp"
#include "model/packed/hqq.hpp"
#include "model/packed/mlx.hpp"
#include "model/packed/packed_parts.hpp"

namespace prov::model {
namespace {

using format::Dtype;

bool is_float8(Dtype dtype) {
  return dtype == Dtype::f8_e4m3 || dtype == Dtype::f8_e5m2 || dtype == Dtype::f8_e4m3fnuz ||
         dtype == Dtype::f8_e5m2fnuz;
}

bool has_type(const PackedModule& module, std::string_view part, Dtype dtype) {
  const Tensor* const tensor = module.find(part);
  return tensor != nullptr && tensor->info.dtype == dtype;
}

/// A scheme, and the quant_method values under which it is written.
struct Scheme {
  std::string_view name;
  std::initializer_list<std::string_view> methods;
  bool (*fits)(const PackedModule& module);
  Result<JoinedModule> (*join)(const PackedModule& module);
};

bool packs_like_awq(const PackedModule& module) {
  const Tensor *const weights = module.find("qweight"), *const scales = module.find("scales");
  if (weights == nullptr || scales == nullptr)
    return module.claim != nullptr && module.claim->method == "awq";
  if (weights->info.shape.size() != 2 || scales->info.shape.size() != 2) return false;
  return weights->info.shape[1] != scales->info.shape[1];  // GPTQ has a word for each output
}

const Scheme kSchemes[] = {
    {"AWQ",
     {"awq", "auto-round"},
     [](const PackedModule& m) { return m.find("qweight") != nullptr && packs_like_awq(m); },
     join_awq},
    {"GPTQ",
     {"gptq", "auto-round"},
     [](const PackedModule& m) { return m.find("qweight") != nullptr; },
     join_gptq},
    {"bitsandbytes 4 bit",
     {"bitsandbytes"},
     [](const PackedModule& m) { return !quant_state_part(m).empty(); },
     join_bitsandbytes_4bit},
    {"bitsandbytes int8",
     {"bitsandbytes"},
     [](const PackedModule& m) {
       return m.find("SCB") != nullptr && has_type(m, "weight", Dtype::i8);
     },
     join_bitsandbytes_int8},
    {"compressed-tensors pack-quantized",
     {"compressed-tensors"},
     [](const PackedModule& m) {
       return has_type(m, "weight_packed", Dtype::i32) && m.find("weight_shape") != nullptr;
     },
     join_packed_integers},
    {"FP4",
     {"compressed-tensors", "modelopt"},
     [](const PackedModule& m) {
       return has_type(m, "weight_packed", Dtype::u8) ||
              (m.find("weight_scale_2") != nullptr && has_type(m, "weight", Dtype::u8));
     },
     join_float4},
    {"int8 with scales",
     {"compressed-tensors", "modelopt"},
     [](const PackedModule& m) {
       return has_type(m, "weight", Dtype::i8) && m.find("weight_scale") != nullptr;
     },
     join_byte_integers},
    {"FP8",
     {"fp8", "fbgemm_fp8", "compressed-tensors", "modelopt"},
     [](const PackedModule& m) {
       const Tensor* const weights = m.find("weight");
       return weights != nullptr && is_float8(weights->info.dtype) && !float8_scale_part(m).empty();
     },
     join_float8},
    {"MXFP4 experts",
     {"mxfp4"},
     [](const PackedModule& m) { return m.find("_blocks") != nullptr; },
     join_mxfp4_experts},
    {"HQQ", {"hqq"}, [](const PackedModule& m) { return m.find("W_q") != nullptr; }, join_hqq},
    {"MLX",
     {"mlx"},
     [](const PackedModule& m) {
       return has_type(m, "weight", Dtype::u32) && m.find("scales") != nullptr;
     },
     join_mlx},
};

constexpr std::string_view kUnnamed = "unnamed";  // a configuration without quant_method

bool is_known_method(std::string_view method) {
  if (method == kUnnamed) return true;
  return std::ranges::any_of(kSchemes, [&](const Scheme& scheme) {
    return std::ranges::find(scheme.methods, method) != scheme.methods.end();
  });
}

Result<void> check_claim(const PackedModule& module, const Scheme& scheme) {
  if (module.claim == nullptr) return {};
  const std::string& method = module.claim->method;
  if (method == kUnnamed) return {};
  if (std::ranges::find(scheme.methods, method) != scheme.methods.end()) return {};
  return Error{
      .code = ErrorCode::malformed,
      .message = fmt::format("{} states the quantisation \"{}\", the tensors of {} are {}",
                             module.claim->file, base::printable(method), module.name, scheme.name),
      .file = module.checkpoint->files[module.parts.begin()->second->file]->name(),
      .field = module.name,
      .hint = "files of two models in one folder?"};
}

/// Numbers that are neither floats nor those of buffers: masks ("attn.bias") and positions.
bool looks_packed(const Tensor& tensor) {
  constexpr std::uint64_t kFewest = 256;
  constexpr Dtype kPlain[] = {Dtype::f16, Dtype::bf16, Dtype::f32,    Dtype::f64,
                              Dtype::i64, Dtype::u64,  Dtype::boolean};
  constexpr std::string_view kBuffers[] = {"bias", "_ids", "_index", "mask"};
  return tensor.composed == nullptr && tensor.info.shape.size() >= 2 &&
         tensor.elements() >= kFewest &&
         std::ranges::find(kPlain, tensor.info.dtype) == std::end(kPlain) &&
         std::ranges::none_of(
             kBuffers, [&](std::string_view end) { return tensor.info.name.ends_with(end); });
}

class Joining {
 public:
  Joining(Checkpoint& checkpoint, std::optional<QuantisationClaim> claim)
      : checkpoint_(checkpoint), claim_(std::move(claim)) {}

  Result<void> join_all() {
    const std::map<std::string, PackedModule> modules =
        packed_modules(checkpoint_, claim_ ? &*claim_ : nullptr);
    for (const auto& [name, module] : modules) PROV_CHECK(join(module));
    replace_parts();
    explain_the_rest();
    return {};
  }

 private:
  Result<void> join(const PackedModule& module) {
    const auto* const scheme =
        std::ranges::find_if(kSchemes, [&](const Scheme& one) { return one.fits(module); });
    if (scheme == std::end(kSchemes)) return {};  // looks_packed finds its parts
    if (claim_ && !is_known_method(claim_->method)) return {};
    PROV_CHECK(check_claim(module, *scheme));
    if (module.find("pre_quant_scale") != nullptr) {
      ++unread_["ModelOpt's with scales of the inputs (pre_quant_scale)"];
      return {};
    }
    PROV_TRY(JoinedModule joined, scheme->join(module));
    if (!joined.tensor) {
      ++unread_[joined.unread];
      return {};
    }
    for (const auto& [part, tensor] : module.parts) {
      // A plain weight beside a packed one stays, and makes the name come twice.
      const bool is_main =
          tensor->file == joined.tensor->file && tensor->info.offset == joined.tensor->info.offset;
      if (part == "weight" && !is_main) continue;
      used_.insert(tensor);
      joined.tensor->info.bytes += tensor->info.bytes;
      joined.tensor->parts.push_back(*tensor);
    }
    joined_.push_back(*std::move(joined.tensor));
    return {};
  }

  void replace_parts() {
    std::vector<Tensor> kept;
    kept.reserve(checkpoint_.tensors.size());
    for (Tensor& tensor : checkpoint_.tensors) {
      if (!used_.contains(&tensor)) kept.push_back(std::move(tensor));
    }
    std::ranges::move(joined_, std::back_inserter(kept));
    checkpoint_.tensors = std::move(kept);
  }

  void explain_the_rest() {
    const auto packed = std::ranges::count_if(checkpoint_.tensors, looks_packed);
    for (const auto& [reason, count] : unread_)
      add_reason(fmt::format("{} packed weights are {}", count, reason));
    if (!unread_.empty() || !claim_) return;
    if (packed > 0) {
      add_reason(
          fmt::format("{} states the quantisation \"{}\"{}, and {} tensors are packed in a way "
                      "that is not read",
                      claim_->file, base::printable(claim_->method), format_text(), packed));
    } else if (joined_.empty()) {
      checkpoint_.warnings.push_back(
          fmt::format("{} states the quantisation \"{}\", but all weights are stored as plain "
                      "numbers",
                      claim_->file, base::printable(claim_->method)));
    }
  }

  std::string format_text() const {
    const auto format = claim_->text("format");
    return format ? fmt::format(" (\"{}\")", base::printable(*format)) : std::string();
  }

  void add_reason(std::string reason) {
    checkpoint_.warnings.push_back(reason);
    if (!checkpoint_.unread.empty()) checkpoint_.unread += "; ";
    checkpoint_.unread += reason;
  }

  Checkpoint& checkpoint_;
  std::optional<QuantisationClaim> claim_;
  std::vector<Tensor> joined_;
  std::set<const Tensor*> used_;
  std::map<std::string, std::size_t> unread_;
};

}  // namespace

Result<void> join_packed_weights(Checkpoint& checkpoint, const source::Snapshot& snapshot) {
  return Joining(checkpoint, read_quantisation_claim(snapshot)).join_all();
}

}  // namespace prov::model
