#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"

namespace prov::base {
namespace {

TEST(Sha256, PiecesGiveTheDigestOfTheWhole) {
  Sha256 digest;
  digest.update("a");
  digest.update("");
  digest.update("bc");
  // FIPS 180-4, the example of one block
  EXPECT_EQ(hex(digest.finish()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(as_byte_span("abc"))), sha256_hex("abc"));
}

TEST(Sha256, CountedTextsCannotBeConfused) {
  Sha256 one, other;
  one.update_counted("ab");
  one.update_counted("c");
  other.update_counted("a");
  other.update_counted("bc");
  EXPECT_NE(hex(one.finish()), hex(other.finish()));
}

// RFC 4231, cases 1, 2 and 6; and an empty key
TEST(HmacSha256, GivesThePublishedValues) {
  const auto of = [](std::string_view key, std::string_view message) {
    return hex(hmac_sha256(as_byte_span(key), as_byte_span(message)));
  };
  EXPECT_EQ(of(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(of("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(of(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(of("", ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(EqualDigests, SeesEveryByte) {
  const Sha256Digest digest = sha256({});
  EXPECT_TRUE(equal_digests(digest, digest));
  for (std::size_t i = 0; i < digest.size(); ++i) {
    Sha256Digest other = digest;
    other[i] ^= std::byte{1};
    EXPECT_FALSE(equal_digests(digest, other));
  }
}

}  // namespace
}  // namespace prov::base
