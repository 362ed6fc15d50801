#include "verdict/fingerprint_lineage.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "provenancekit/fingerprint.hpp"

namespace prov::verdict {
namespace {

fingerprint::FingerprintFile file_of(const std::string& model) {
  const std::string folder = std::string(PROV_REPOSITORY) + "/tests/zoo/" + model;
  const auto made = fingerprint_model(folder);
  EXPECT_TRUE(made) << made.error().to_string();
  auto file = fingerprint::decode_fingerprint(made->file, folder);
  EXPECT_TRUE(file) << file.error().to_string();
  return *std::move(file);
}

TEST(FingerprintLineage, ATunedCopyIsOfOneLineage) {
  for (const char* base : {"qwen-a", "gpt2-a"}) {
    const auto a = file_of(base), b = file_of(std::string(base) + "-sft");
    for (const Lineage& lineage : {lineage_of_fingerprints(a, b), lineage_of_fingerprints(b, a)}) {
      EXPECT_EQ(lineage.lineage_class, LineageClass::same_lineage) << base;
      EXPECT_TRUE(lineage.layer_map.identity);
      EXPECT_FALSE(lineage.relation.has_value());
    }
  }
}

TEST(FingerprintLineage, StrangersAreNeitherRelatedNorCleared) {
  const auto qwen = file_of("qwen-a");
  for (const char* stranger : {"qwen-a2", "gpt2-a", "gpt2-a2"}) {
    const Lineage lineage = lineage_of_fingerprints(qwen, file_of(stranger));
    EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive) << stranger;
    ASSERT_EQ(lineage.reasons.size(), 2U);
    EXPECT_NE(lineage.reasons[0].find("not compared"), std::string::npos);
    EXPECT_NE(lineage.reasons[1].find("chance gives"), std::string::npos);
  }
}

TEST(FingerprintLineage, EqualHashesAreSaidAndProveNoMore) {
  const auto a = file_of("gpt2-a");
  const Lineage lineage = lineage_of_fingerprints(a, a);
  EXPECT_EQ(lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_NE(lineage.reasons.back().find("hashes"), std::string::npos);
}

TEST(FingerprintLineage, TheTokensSpeakWhereTheOrderWasScrambled) {
  auto a = file_of("qwen-a"), b = file_of("qwen-a-sft");
  b.standard->samples.clear();
  const Lineage lineage = lineage_of_fingerprints(a, b);
  EXPECT_EQ(lineage.lineage_class, LineageClass::same_lineage);
  EXPECT_EQ(lineage.layer_map.basis, "unit-match-tokens");
}

TEST(FingerprintLineage, NearTheLineTheWeakerClassIsSaid) {
  // Every second unit of each sample replaced by another: cosines of about a half, then of .75.
  const auto a = file_of("qwen-a");
  for (const std::size_t every : {2U, 4U}) {
    auto b = a;
    for (auto& sample : b.standard->samples) {
      const std::size_t columns = sample.rows.columns;
      for (std::size_t unit = 0; unit < sample.rows.rows(); unit += every) {
        auto* row = sample.rows.codes.data() + unit * columns;
        std::reverse(row, row + columns);
      }
      // Angles between two units that both stayed are kept.
      auto& angles = sample.angles.codes;
      const std::size_t lost =
          angles.size() - angles.size() * (every - 1) * (every - 1) / every / every;
      std::reverse(angles.begin(), angles.begin() + static_cast<std::ptrdiff_t>(lost));
    }
    const Lineage lineage = lineage_of_fingerprints(a, b);
    EXPECT_EQ(lineage.lineage_class, LineageClass::shared_initialisation) << every;
  }
}

TEST(FingerprintLineage, WithoutAStandardPartNothingIsSaid) {
  auto a = file_of("gpt2-a");
  a.standard.reset();
  const Lineage lineage = lineage_of_fingerprints(a, a);
  EXPECT_EQ(lineage.lineage_class, LineageClass::inconclusive);
  EXPECT_EQ(lineage.reasons.size(), 1U);
}

}  // namespace
}  // namespace prov::verdict
