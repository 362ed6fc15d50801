#include "numeric/blocks/ggml_blocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "base/digest.hpp"

namespace prov::numeric {
namespace {

struct BlockType {
  std::string_view name;
  std::size_t numbers, bytes;
  Decoder* decode;
};

constexpr BlockType kTypes[] = {
    {"Q4_0", 32, 18, decode_q4_0},        {"Q4_1", 32, 20, decode_q4_1},
    {"Q5_0", 32, 22, decode_q5_0},        {"Q5_1", 32, 24, decode_q5_1},
    {"Q8_0", 32, 34, decode_q8_0},        {"Q8_1", 32, 36, decode_q8_1},
    {"Q2_K", 256, 84, decode_q2_k},       {"Q3_K", 256, 110, decode_q3_k},
    {"Q4_K", 256, 144, decode_q4_k},      {"Q5_K", 256, 176, decode_q5_k},
    {"Q6_K", 256, 210, decode_q6_k},      {"Q8_K", 256, 292, decode_q8_k},
    {"IQ1_S", 256, 50, decode_iq1_s},     {"IQ1_M", 256, 56, decode_iq1_m},
    {"IQ2_XXS", 256, 66, decode_iq2_xxs}, {"IQ2_XS", 256, 74, decode_iq2_xs},
    {"IQ2_S", 256, 82, decode_iq2_s},     {"IQ3_XXS", 256, 98, decode_iq3_xxs},
    {"IQ3_S", 256, 110, decode_iq3_s},    {"IQ4_NL", 32, 18, decode_iq4_nl},
    {"IQ4_XS", 256, 136, decode_iq4_xs},  {"TQ1_0", 256, 54, decode_tq1_0},
    {"TQ2_0", 256, 66, decode_tq2_0},     {"MXFP4", 32, 17, decode_mxfp4},
    {"NVFP4", 64, 36, decode_nvfp4},
};

/// splitmix64 from seed 1, as in tools/make_ggml_goldens.py.
std::vector<std::byte> random_bytes(std::size_t count) {
  std::vector<std::byte> bytes(count / 8 * 8 + 8);
  for (std::uint64_t i = 0; i < bytes.size() / 8; ++i) {
    std::uint64_t state = 1 + (i + 1) * 0x9E3779B97F4A7C15u;
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9u;
    state = (state ^ state >> 27) * 0x94D049BB133111EBu;
    state ^= state >> 31;
    std::memcpy(bytes.data() + 8 * i, &state, 8);
  }
  bytes.resize(count);
  return bytes;
}

std::vector<std::byte> hex(std::string_view text) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

TEST(GgmlBlocks, AreTheGgufPackagesBitForBit) {
  std::ifstream table(PROV_REPOSITORY "/tests/unit/numeric/blocks/ggml_golden.tsv");
  std::size_t checked = 0;
  std::string name, digest;
  for (std::size_t blocks = 0; table >> name >> blocks >> digest; ++checked) {
    const auto* type = std::ranges::find(kTypes, name, &BlockType::name);
    ASSERT_NE(type, std::end(kTypes)) << name;
    std::vector<float> values(blocks * type->numbers);
    type->decode(random_bytes(blocks * type->bytes), 0, values);
    std::string raw(values.size() * sizeof(float), '\0');
    std::memcpy(raw.data(), values.data(), raw.size());
    EXPECT_EQ(base::sha256_hex(raw), digest) << name;
  }
  EXPECT_EQ(checked, std::size(kTypes) - 2) << "all but Q8_1 and Q8_K, which no file holds";
}

TEST(GgmlBlocks, AnyPartIsThePartOfTheWhole) {
  for (const BlockType& type : kTypes) {
    constexpr std::size_t kBlocks = 5;
    const auto bytes = random_bytes(kBlocks * type.bytes);
    std::vector<float> whole(kBlocks * type.numbers);
    type.decode(bytes, 0, whole);
    for (std::size_t begin = 0; begin < whole.size(); begin += 13) {
      for (std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{31}, type.numbers,
                                type.numbers + 1, whole.size() - begin}) {
        if (count > whole.size() - begin) continue;
        std::vector<float> part(count);
        type.decode(bytes, begin, part);
        for (std::size_t i = 0; i < count; ++i) {
          ASSERT_EQ(std::bit_cast<std::uint32_t>(part[i]),
                    std::bit_cast<std::uint32_t>(whole[begin + i]))
              << type.name << " " << begin << " + " << i;
        }
      }
    }
  }
}

TEST(GgmlBlocks, FormulasByHand) {
  // d = 0.5; byte 0 holds 1 (low) and 15 (high).
  std::vector<float> y(32);
  decode_q4_0(hex("0038f1" + std::string(30, '8')), 0, y);
  EXPECT_EQ(y[0], 0.5F * (1 - 8));
  EXPECT_EQ(y[16], 0.5F * (15 - 8));
  EXPECT_EQ(y[1], 0.0F);
  // d = 2, sum ignored, numbers 0, 1, 2, -1.
  decode_q8_1(hex("0040ffff"
                  "000102ff" +
                  std::string(56, '0')),
              0, y);
  EXPECT_EQ((std::vector<float>(y.begin(), y.begin() + 4)), (std::vector<float>{0, 2, 4, -2}));
  std::vector<float> k(256);
  decode_q8_k(hex("0000803e"
                  "017f80" +
                  std::string(570, '0')),
              0, k);  // d = 0.25f
  EXPECT_EQ((std::vector<float>(k.begin(), k.begin() + 3)),
            (std::vector<float>{0.25F, 31.75F, -32}));
}

TEST(GgmlBlocks, DamagedScalesGiveOneNaNAndInfinities) {
  std::vector<float> y(32);
  for (const char* scale : {"00fe", "01fc", "ffff", "017c"}) {  // NaNs of all kinds
    decode_q8_0(hex(scale + std::string(64, '1')), 0, y);
    for (float value : y) EXPECT_EQ(std::bit_cast<std::uint32_t>(value), 0x7fc00000u) << scale;
  }
  decode_q4_0(hex("007cf8" + std::string(30, '9')), 0, y);  // infinite; 8 is 0: inf * 0
  EXPECT_EQ(std::bit_cast<std::uint32_t>(y[0]), 0x7fc00000u);
  EXPECT_EQ(y[16], std::numeric_limits<float>::infinity());
}

}  // namespace
}  // namespace prov::numeric
