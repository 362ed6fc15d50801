// The same for the larger golden sets beside the repository. The tokenizer variants are made by
// the build.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "parity/golden_tokenizers.hpp"
#include "signals/anchors.hpp"
#include "signals/tfv.hpp"
#include "signals/voa.hpp"

namespace prov::tests {
namespace {

const std::string kGoldens = PROV_SHARED "/goldens/";

void expect_set(const std::string& features, const std::string& folders, std::size_t models) {
  const nlohmann::json golden = golden_models(kGoldens + features);
  std::size_t compared = 0;
  for (const auto& [name, record] : golden.items()) {
    if (record.contains("error") || !std::filesystem::exists(folders + name)) continue;
    const auto kit = kit_tokenizer(folders + name);
    expect_golden_tokenizer(name, kit, record);
    EXPECT_EQ(signals::select_anchors(&kit, record.at("mfi").at("vocab_size")),
              record.at("anchor_ids_for_config_vocab").get<std::vector<std::uint32_t>>())
        << name;
    ++compared;
  }
  EXPECT_EQ(compared, models);
}

/// TFV and VOA of every golden pair whose folders are here.
void expect_pairs(const std::string& pairs, const std::string& folders, std::size_t fewest) {
  std::ifstream stream(kGoldens + pairs);
  const auto golden = nlohmann::json::parse(stream).at("pairs");
  std::map<std::string, model::KitTokenizer> tokenizers;
  const auto get = [&](const std::string& name) -> const model::KitTokenizer& {
    if (!tokenizers.contains(name)) tokenizers.emplace(name, kit_tokenizer(folders + name));
    return tokenizers.at(name);
  };
  std::size_t compared = 0;
  for (const auto& pair : golden) {
    const std::string a = pair.at("a"), b = pair.at("b");
    if (!pair.contains("signals") || !std::filesystem::exists(folders + a) ||
        !std::filesystem::exists(folders + b)) {
      continue;
    }
    const auto overlap = signals::vocabulary_overlap(get(a), get(b));
    EXPECT_EQ(overlap.jaccard, pair.at("signals").at("voa").get<double>()) << a << " " << b;
    EXPECT_EQ(overlap.common, pair.at("voa").at("intersection").get<std::uint64_t>())
        << a << " " << b;
    EXPECT_EQ(overlap.share_of_b, pair.at("voa").at("overlap_pct_b").get<double>())
        << a << " " << b;
    const double tfv = signals::tokenizer_similarity(signals::extract_tokenizer_features(get(a)),
                                                     signals::extract_tokenizer_features(get(b)));
    EXPECT_EQ(tfv, pair.at("signals").at("tfv").get<double>()) << a << " " << b;
    ++compared;
  }
  EXPECT_GE(compared, fewest);
}

TEST(SharedTokenizerParity, pairs_of_fixtures) {
  expect_pairs("pairs-fixtures.json", kGoldens + "fixtures/", 40);
}
TEST(SharedTokenizerParity, pairs_of_the_zoo) {
  expect_pairs("pairs-zoo-dev.json", PROV_SHARED "/zoo/dev/", 400);
}
TEST(SharedTokenizerParity, pairs_of_variants) {
  expect_pairs("pairs-tokvar.json", PROV_BUILD "/tokenizer_variants/", 1900);
}

TEST(SharedTokenizerParity, fixtures) {
  expect_set("features-fixtures.json", kGoldens + "fixtures/", 10);
}
TEST(SharedTokenizerParity, zoo) {
  expect_set("features-zoo-dev.json", PROV_SHARED "/zoo/dev/", 30);
}
TEST(SharedTokenizerParity, variants) {
  expect_set("features-tokvar.json", PROV_BUILD "/tokenizer_variants/", 63);
}

TEST(SharedTokenizerParity, a_class_that_cannot_take_the_vocabulary_is_a_note) {
  const auto kit = kit_tokenizer(PROV_BUILD "/tokenizer_variants/llama-T5TokenizerFast");
  EXPECT_EQ(kit.class_name, "T5Tokenizer");
  ASSERT_EQ(kit.notes.size(), 1u);
  EXPECT_NE(kit.notes.front().find("the published kit stops here"), std::string::npos);
}

}  // namespace
}  // namespace prov::tests
