#include "model/tokenizer/byte_alphabet.hpp"

#include <array>

#include "base/utf8.hpp"

namespace prov::model {
namespace {

/// Printable Latin-1 stands for itself; the other bytes follow from U+0100 upwards, in order.
std::array<char32_t, 256> make_alphabet() {
  std::array<char32_t, 256> alphabet{};
  char32_t next = 0x100;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool visible =
        (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    alphabet[byte] = visible ? byte : next++;
  }
  return alphabet;
}

}  // namespace

std::string byte_level_spelling(std::string_view bytes) {
  static const std::array<char32_t, 256> alphabet = make_alphabet();
  std::string out;
  for (char byte : bytes) base::append_utf8(out, alphabet[static_cast<unsigned char>(byte)]);
  return out;
}

}  // namespace prov::model
