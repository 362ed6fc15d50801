// Any bytes: an error that can be printed, or a fingerprint that is written again byte for byte.
#include <cstdint>
#include <span>

#include "fingerprint/compare_responses.hpp"
#include "fingerprint/compare_samples.hpp"
#include "fingerprint/fingerprint_codec.hpp"
#include "require.hpp"

using prov::fuzz::require;
using prov::fuzz::require_sound;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto file = prov::fingerprint::decode_fingerprint(bytes, "fuzz");
  if (!file) {
    require(file.error().file == "fuzz");
    require_sound(file.error(), size);
    return 0;
  }
  const auto again = prov::fingerprint::encode(*file);
  require(std::vector<std::byte>(bytes.begin(), bytes.end()) == again);
  if (file->standard) {
    // Whatever the numbers are, they can be compared.
    const auto search = prov::fingerprint::compare_responses(*file->standard, *file->standard);
    require(search.tokens.agreeing <= search.tokens.units);
    prov::fingerprint::compare_samples(*file->standard, *file->standard);
  }
  return 0;
}
