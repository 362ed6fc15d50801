// Any text as config.json: an error or facts, and a metadata record of the facts.
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/config/config_facts.hpp"
#include "signals/mfi.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> text(data, data + size);
  const auto facts =
      prov::model::read_config_facts(std::string_view(text.data(), text.size()), "config.json");
  if (!facts) return 0;
  const prov::signals::MfiRecord record = prov::signals::extract_mfi(*facts, {});
  const prov::signals::MfiSimilarity same = prov::signals::mfi_similarity(record, record);
  if (same.score != 1.0) __builtin_trap();
  return 0;
}
