// Any text as tokenizer.json: an error, or a tokenizer that serialises, is measured and encodes.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/kit_tokenizer/backend_text.hpp"
#include "model/tokenizer/tokenizer_files.hpp"
#include "signals/anchors.hpp"
#include "signals/tfv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> text(data, data + size);
  auto tokenizer = prov::model::parse_tokenizer_json(std::string_view(text.data(), text.size()),
                                                     "tokenizer.json");
  if (!tokenizer) return 0;
  prov::model::KitTokenizer kit;
  kit.backend = *std::move(tokenizer);
  // What is written again must be readable again, with the same vocabulary.
  const auto again =
      prov::model::parse_tokenizer_json(prov::model::backend_text(kit.backend), "tokenizer.json");
  if (again && again->merges.size() != kit.backend.merges.size()) __builtin_trap();
  const auto features = prov::signals::extract_tokenizer_features(kit);
  const double same = prov::signals::tokenizer_similarity(features, features);
  if (!(same >= 0 && same <= 1)) __builtin_trap();
  for (std::uint32_t id : prov::signals::select_anchors(&kit, 100, 16)) {
    if (id >= 100) __builtin_trap();
  }
  return 0;
}
