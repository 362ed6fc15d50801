// What the files beside quantised weights say about how they were packed.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "source/snapshot.hpp"

namespace prov::model {

/// `quantization_config` of config.json, or the file that a quantiser left beside it. A claim:
/// every use checks it against the tensors. Value type.
struct QuantisationClaim {
  std::string file;    // that says it
  std::string method;  // quant_method in lower case; "mlx" for `quantization` without a method
  std::shared_ptr<const nlohmann::json> facts;  // the object, never null

  /// nullopt where the key is missing or of another kind. A whole number may be written as a float.
  std::optional<std::int64_t> whole_number(std::string_view key) const;
  std::optional<std::string> text(std::string_view key) const;
  bool is_true(std::string_view key) const;
  bool names(std::string_view key) const;  // present and not null
};

/// In this order: config.json (`quantization_config`, `compression_config`, `quantization`; of a
/// model of several parts that of `text_config`), quantize_config.json (GPTQ), quant_config.json
/// (AWQ), hf_quant_config.json (ModelOpt). nullopt where none says anything, or is no JSON that can
/// be read: whoever needs the configuration itself says so.
std::optional<QuantisationClaim> read_quantisation_claim(const source::Snapshot& snapshot);

}  // namespace prov::model
