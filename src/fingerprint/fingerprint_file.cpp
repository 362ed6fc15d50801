#include "fingerprint/fingerprint_file.hpp"

#include "base/try.hpp"
#include "fingerprint/fingerprint_codec.hpp"
#include "source/byte_source.hpp"

namespace prov::fingerprint {

Result<std::string> read_fingerprint_bytes(std::string_view reference) {
  PROV_TRY(const auto file, source::open_local_file(std::string(reference)));
  return source::read_all(*file, kLargestFingerprint);
}

}  // namespace prov::fingerprint
