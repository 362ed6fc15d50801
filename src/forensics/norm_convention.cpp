#include "forensics/norm_convention.hpp"

#include <algorithm>
#include <string_view>

namespace prov::forensics {

model::NormConvention norm_convention(const Declarations& declared) {
  constexpr std::string_view kMinusOne[] = {"gemma", "gemma2", "gemma3", "gemma3_text"};
  const bool minus_one = declared.model_type &&
                         std::ranges::find(kMinusOne, *declared.model_type) != std::end(kMinusOne);
  return {.gain_minus_one = minus_one};
}

}  // namespace prov::forensics
