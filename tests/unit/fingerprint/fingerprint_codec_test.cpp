#include "fingerprint/fingerprint_codec.hpp"

#include <gtest/gtest.h>

#include <string>

#include "fingerprint/neuron_responses.hpp"
#include "fingerprint/neuron_words.hpp"
#include "unit/fingerprint/small_fingerprint.hpp"

namespace prov::fingerprint {
namespace {

using Bytes = std::vector<std::byte>;

const FingerprintFile& sample() {
  static const FingerprintFile file = [] {
    auto weights = fingerprint_of(SmallModel(2, 40, 12, 100, 1));
    return FingerprintFile{weights.sketch, weights.standard, Bytes(5, std::byte{9})};
  }();
  return file;
}

TEST(FingerprintCodec, EveryChoiceOfPartsComesBack) {
  for (int parts = 0; parts < 8; ++parts) {
    FingerprintFile file = sample();
    if ((parts & 1) == 0) file.sketch.reset();
    if ((parts & 2) == 0) file.standard.reset();
    if ((parts & 4) == 0) file.signals.clear();
    const Bytes bytes = encode(file);
    const auto decoded = decode_fingerprint(bytes, "x.fp");
    ASSERT_TRUE(decoded) << decoded.error().to_string();
    EXPECT_EQ(*decoded, file) << parts;
    EXPECT_EQ(encode(*decoded), bytes);
  }
}

TEST(FingerprintCodec, APartWithoutResponsesComesBackWithItsReason) {
  FingerprintFile file;
  file.standard.emplace().missing = "no MLP was recognised";
  file.standard->by_text = false;
  EXPECT_EQ(*decode_fingerprint(encode(file), "x"), file);
}

TEST(FingerprintCodec, EveryPrefixAndEveryAppendedByteIsRefused) {
  FingerprintFile file = sample();
  file.standard.reset();
  Bytes bytes = encode(file);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(decode_fingerprint(std::span(bytes).first(size), "x")) << size;
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode_fingerprint(bytes, "x"));
}

/// The encoded sample with the first `from` replaced by `to` of the same length.
Error refusal(const FingerprintFile& file, const std::string& from, const std::string& to) {
  Bytes bytes = encode(file);
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  for (std::size_t i = 0; i < to.size(); ++i) bytes[at + i] = static_cast<std::byte>(to[i]);
  const auto decoded = decode_fingerprint(bytes, "x.fp");
  EXPECT_FALSE(decoded) << from;
  return decoded ? Error{} : decoded.error();
}

TEST(FingerprintCodec, AFlippedBitIsDamage) {
  Bytes bytes = encode(sample());
  for (const std::size_t place : {bytes.size() - 1, bytes.size() - 1000, bytes.size() / 2}) {
    bytes[place] ^= std::byte{1};
    const auto decoded = decode_fingerprint(bytes, "x");
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().field, "__metadata__.sha256");
    bytes[place] ^= std::byte{1};
  }
}

TEST(FingerprintCodec, ForeignFilesAndLaterVersionsAreNamed) {
  EXPECT_EQ(refusal(sample(), "\"version\":\"1\"", "\"version\":\"3\"").code,
            ErrorCode::unsupported);
  EXPECT_EQ(refusal(sample(), "provenancekit.fingerprint", "provenancekit.fingerprunt").field,
            "__metadata__.format");
  EXPECT_EQ(refusal(sample(), "sketch.words", "sketch.wordz").field, "sketch.words");
  EXPECT_EQ(refusal(sample(), "\"tokens\":\"text\"", "\"tokens\":\"tent\"").code,
            ErrorCode::malformed);
  EXPECT_EQ(refusal(sample(), "\"parts\":\"sketch", "\"parts\":\"skitch").code,
            ErrorCode::malformed);
}

TEST(FingerprintCodec, SamplesAreAVersionOfTheirOwn) {
  const auto weights = sampled_fingerprint_of(SmallModel(2, 40, 12, 100, 1));
  const FingerprintFile file{weights.sketch, weights.standard, {}};
  for (const FingerprintFile& part :
       {file, FingerprintFile{.sketch = file.sketch}, FingerprintFile{.standard = file.standard}}) {
    const Bytes bytes = encode(part);
    const auto decoded = decode_fingerprint(bytes, "x.fp");
    ASSERT_TRUE(decoded) << decoded.error().to_string();
    EXPECT_EQ(*decoded, part);
  }
  // Neither is a version of the other's content.
  EXPECT_EQ(refusal(file, "\"version\":\"2\"", "\"version\":\"1\"").code, ErrorCode::malformed);
  EXPECT_EQ(refusal(file, "\"sampled\"", "\"samples\"").code, ErrorCode::malformed);
}

TEST(FingerprintCodec, BrokenRulesAreRefused) {
  const auto refused = [](auto change) {
    FingerprintFile file = sample();
    change(file);
    const auto decoded = decode_fingerprint(encode(file), "x");
    EXPECT_FALSE(decoded);
    return decoded ? std::string() : decoded.error().field;
  };
  EXPECT_EQ(refused([](auto& f) { std::swap(f.sketch->words[0], f.sketch->words[1]); }), "sketch");
  EXPECT_EQ(refused([](auto& f) { f.sketch->words.resize(kMostWords + 1, ~0ULL); }), "sketch");
  EXPECT_EQ(refused([](auto& f) { f.sketch->tensor_hashes = {5, 5}; }), "sketch");
  EXPECT_EQ(refused([](auto& f) { f.standard->mlps[0].up.codes[3] = -128; }), "standard");
  EXPECT_EQ(refused([](auto& f) { f.standard->mlps[0].up.scales[0] = NAN; }), "standard");
  EXPECT_EQ(refused([](auto& f) { f.standard->mlps[0].up.scales[0] = -1; }), "standard");
  EXPECT_EQ(refused([](auto& f) { f.standard->mlps[0].down.scales.pop_back(); }), "standard");
  EXPECT_EQ(refused([](auto& f) { f.standard->mlps[0].units.push_back(1); }), "standard");
  EXPECT_EQ(refused([](auto& f) { std::swap(f.standard->mlps[0], f.standard->mlps[1]); }),
            "standard");
  EXPECT_EQ(refused([](auto& f) { f.standard->mlps[0].place.layer = -1; }), "standard");
  EXPECT_EQ(refused([](auto& f) { f.standard->tokens[1] = f.standard->tokens[0]; }), "standard");
  EXPECT_EQ(refused([](auto& f) { f.standard->samples[0].angles.codes.pop_back(); }), "standard");
  EXPECT_EQ(refused([](auto& f) { f.standard->missing = "a reason beside responses"; }), "missing");
  EXPECT_EQ(refused([](auto& f) { f.standard->mlps.clear(); }), "missing");
}

TEST(FingerprintCodec, ASketchIsSmallHoweverFull) {
  Sketch full;
  for (std::uint64_t i = 0; i < kMostWords; ++i) full.words.push_back(i << 40U);
  for (std::uint64_t i = 0; i < 64; ++i) full.tensor_hashes.push_back(i << 50U);
  full.positional.fill(~0ULL);
  full.hidden_axis.fill(~0ULL);
  EXPECT_LE(encode({.sketch = full}).size(), kLargestSketch);
}

QuantisedRows rows_of(std::size_t rows, std::size_t columns) {
  return {columns, std::vector<float>(rows, 1), std::vector<std::int8_t>(rows * columns, 1)};
}

TEST(FingerprintCodec, AStandardOf32LayersIsSmall) {
  // Sizes do not depend on how wide a model is: 4096 coordinates, 11008 units.
  Standard full;
  for (std::uint64_t i = 0; i < kStandardTokens; ++i) full.tokens.push_back(i << 50U);
  for (int layer = 0; layer < static_cast<int>(kStandardMlps); ++layer) {
    full.mlps.push_back({{.layer = layer},
                         std::vector<std::uint32_t>(kStrongestUnits, 11007),
                         rows_of(kStrongestUnits, kStandardTokens),
                         rows_of(kStrongestUnits, kStandardTokens),
                         rows_of(kStrongestUnits, kStandardTokens)});
  }
  for (int layer = 0; layer < static_cast<int>(kDepths); ++layer) {
    full.samples.push_back(
        {{.layer = layer}, 11008, 4096, true, rows_of(64, 192), rows_of(1, angles_of(128))});
  }
  const Bytes bytes = encode({.standard = full});
  EXPECT_LE(bytes.size(), kLargestStandard);
  EXPECT_TRUE(decode_fingerprint(bytes, "x"));
}

}  // namespace
}  // namespace prov::fingerprint
