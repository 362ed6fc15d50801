// Types of tensors as ggml numbers them (ggml.h, enum ggml_type, August 2026).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "format/dtype.hpp"

namespace prov::format {

/// nullopt for a number that is not read: its size is not known, and nothing is guessed.
std::optional<Dtype> dtype_of_ggml(std::uint32_t number);

/// Why `number` is not read, for messages: "type 4 (Q4_2, removed from ggml)".
std::string describe_unread_ggml(std::uint32_t number);

}  // namespace prov::format
