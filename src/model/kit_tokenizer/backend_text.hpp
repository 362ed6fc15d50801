#pragma once

#include <string>

#include "model/tokenizer/tokenizer.hpp"

namespace prov::model {

/// The tokenizer as the `tokenizers` library 0.22 serialises it (Tokenizer.to_str): compact JSON in
/// its key order. This is the text behind the kit's tokenizer_hash.
std::string backend_text(const Tokenizer& tokenizer);

}  // namespace prov::model
