#include "signals/fingerprint_codec.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "model/assign_roles.hpp"

namespace prov::signals {
namespace {

Fingerprint example() {
  Fingerprint fingerprint;
  WeightSignals& weights = fingerprint.weights;
  weights.eas = {.anchors = 2, .cosines = {1, 0.5f, 0.5f, 1}, .missing = {}};
  weights.nlf = {.mode = NlfMode::statistics, .tensors = 1, .values = {1, 2, 3, 4}, .missing = {}};
  weights.lep = {.profile = {}, .missing = "no tensor lies in a layer"};
  weights.end.histogram.emplace();
  (*weights.end.histogram)[7] = 1.0;
  weights.wvc = {.subsample = 9, .layers = {{0, {1, -0.0f}}, {7, {}}}, .missing = {}};
  std::vector<model::Tensor> tensors(2);
  tensors[0].info = {.name = "lm_head.weight", .shape = {8, 4}};
  tensors[1].info = {.name = "model.layers.0.mlp.up_proj.weight", .shape = {16, 4}};
  model::assign_roles(tensors);
  for (const model::Tensor& tensor : tensors) {
    weights.tensors.push_back({tensor.info.name, tensor.role, tensor.info.shape, {1, 2}, 3});
  }
  fingerprint.mfi = {.model_type = "llama",
                     .architectures = {"A", "B"},
                     .num_key_value_heads = 2,
                     .rope_theta = 1e4,
                     .tie_word_embeddings = false};
  fingerprint.tfv = {.vocab_size = 7, .first_merges = {"a b"}, .scripts = {{"Latin", 1.0}}};
  return fingerprint;
}

// Bytes with a checksum that fits, so that a test reaches the field behind it.
std::vector<std::byte> sealed(std::vector<std::byte> body) {
  base::ContentHasher hasher;
  hasher.update(body);
  const base::ContentHash hash = hasher.finish();
  for (const std::uint64_t half : {hash.high, hash.low}) {
    for (int i = 0; i < 8; ++i) body.push_back(static_cast<std::byte>(half >> (8 * i)));
  }
  return body;
}

std::vector<std::byte> body_of(const Fingerprint& fingerprint) {
  std::vector<std::byte> bytes = encode(fingerprint);
  bytes.erase(bytes.end() - 16, bytes.end());
  return bytes;
}

TEST(FingerprintCodec, ComesBackExactly) {
  const auto bytes = encode(example());
  const auto decoded = decode_fingerprint(bytes, "x.fp");
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_EQ(*decoded, example());
  EXPECT_EQ(encode(*decoded), bytes);
  EXPECT_EQ(encode(*decode_fingerprint(encode({}), "")), encode({}));
}

TEST(FingerprintCodec, RefusesEveryPrefixAndEveryChangedByte) {
  const auto bytes = encode(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    // A block of exactly this size, so that a sanitizer sees a read beyond it.
    const std::vector<std::byte> prefix(bytes.begin(),
                                        bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(decode_fingerprint(prefix, "x.fp")) << size;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] ^= std::byte{1};
    EXPECT_FALSE(decode_fingerprint(changed, "x.fp")) << at;
  }
}

TEST(FingerprintCodec, ChecksWhatAValidChecksumCovers) {
  const auto body = body_of(example());
  for (std::size_t size = 8; size < body.size(); ++size) {
    const auto cut = decode_fingerprint(
        sealed({body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size)}), "x.fp");
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::truncated) << size;
  }
  auto longer = body;
  longer.push_back(std::byte{0});
  EXPECT_EQ(decode_fingerprint(sealed(longer), "").error().code, ErrorCode::trailing_bytes);

  for (std::size_t at = 8; at < body.size(); ++at) {
    auto changed = body;
    changed[at] = std::byte{0xff};
    const auto decoded = decode_fingerprint(sealed(changed), "");
    if (decoded) {
      EXPECT_EQ(body_of(*decoded), changed) << at;  // what is accepted is canonical
    }
  }
}

TEST(FingerprintCodec, NamesVersionFieldAndOffset) {
  auto newer = body_of(example());
  newer[7] = std::byte{2};
  EXPECT_EQ(decode_fingerprint(sealed(newer), "").error().code, ErrorCode::unsupported);

  Fingerprint unsorted = example();
  std::swap(unsorted.weights.tensors[0], unsorted.weights.tensors[1]);
  const auto error = decode_fingerprint(encode(unsorted), "x.fp").error();
  EXPECT_EQ(error.code, ErrorCode::malformed);
  EXPECT_EQ(error.field, "tensor.name");
  EXPECT_EQ(error.file, "x.fp");
  EXPECT_TRUE(error.offset);
}

}  // namespace
}  // namespace prov::signals
