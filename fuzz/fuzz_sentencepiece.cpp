// Any bytes as a SentencePiece model: an error, or a tokenizer that encodes.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/tokenizer/tokenizer_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> bytes(data, data + size);
  const auto tokenizer = prov::model::parse_sentencepiece(
      std::string_view(bytes.data(), bytes.size()), "tokenizer.model");
  if (!tokenizer) return 0;
  const prov::model::TextEncoder encoder(*tokenizer);
  for (std::uint32_t id : encoder.encode("a few words, \xE4\xB8\xAD")) {
    if (id >= tokenizer->vocabulary.size()) __builtin_trap();
  }
  return 0;
}
