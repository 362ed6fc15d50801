// Tokenizers of model folders beside the kit's recorded features of the same folders.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "model/kit_tokenizer/kit_tokenizer.hpp"

namespace prov::tests {

/// The "models" of a golden file features-*.json.
nlohmann::json golden_models(const std::string& file);

/// Reads the tokenizer of a folder as `compare` does; a failure ends the test with the error's
/// text.
model::KitTokenizer kit_tokenizer(const std::string& folder);

/// Compares every tokenizer field of a golden record: class, hash, ids, the feature vector.
void expect_golden_tokenizer(const std::string& name, const model::KitTokenizer& tokenizer,
                             const nlohmann::json& golden);

}  // namespace prov::tests
