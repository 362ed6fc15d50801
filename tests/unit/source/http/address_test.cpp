#include "source/http/address.hpp"

#include <gtest/gtest.h>

namespace prov::source {
namespace {

TEST(Address, IsTakenApart) {
  const auto address = parse_address("HTTPS://Example.ORG/a%20b/c?x=1#y");
  ASSERT_TRUE(address) << address.error().to_string();
  EXPECT_EQ(address->scheme, "https");
  EXPECT_EQ(address->host, "example.org");
  EXPECT_EQ(address->port, "443");
  EXPECT_EQ(address->path, "/a%20b/c");
  EXPECT_EQ(address->origin(), "https://example.org:443");
}

TEST(Address, OriginsDifferInSchemeHostAndPort) {
  const auto origin = [](std::string_view text) { return parse_address(text)->origin(); };
  EXPECT_EQ(origin("https://a.org/x"), origin("https://A.org:443/y"));
  EXPECT_NE(origin("https://a.org"), origin("http://a.org"));
  EXPECT_NE(origin("https://a.org"), origin("https://a.org:444"));
  EXPECT_NE(origin("https://a.org"), origin("https://a.org.evil.net"));
}

TEST(Address, RefusesWhatIsNotOfTheWeb) {
  for (const std::string_view text :
       {"", "file:///etc/passwd", "ftp://a.org/x", "https://", "https://user:secret@a.org/",
        "gopher://a.org", "not an address"})
    EXPECT_FALSE(parse_address(text)) << text;
  EXPECT_FALSE(parse_address(std::string_view("https://a\0b.org", 15)));
}

TEST(Address, FollowsRelativeAndAbsolutePlaces) {
  const auto base = parse_address("https://a.org/x/y?z=1");
  EXPECT_EQ(follow(*base, "/p/q")->text, "https://a.org/p/q");
  EXPECT_EQ(follow(*base, "q")->text, "https://a.org/x/q");
  EXPECT_EQ(follow(*base, "//b.org/p")->text, "https://b.org/p");
  EXPECT_EQ(follow(*base, "http://b.org/p")->scheme, "http");
  EXPECT_FALSE(follow(*base, "file:///etc/passwd"));
}

TEST(Address, EncodesWhatIsNotPlain) {
  EXPECT_EQ(percent_encoded("refs/pr/1"), "refs%2Fpr%2F1");
  EXPECT_EQ(percent_encoded("a b/c", "/"), "a%20b/c");
  EXPECT_EQ(percent_encoded("\xC3\xA9?#\r\n"), "%C3%A9%3F%23%0D%0A");
}

}  // namespace
}  // namespace prov::source
