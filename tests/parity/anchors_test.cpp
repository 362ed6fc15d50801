// Anchor ids of the kit, exactly: numpy's permutation and whole lists with real tokenizers.
#include "signals/anchors.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "parity/golden_tokenizers.hpp"

namespace prov::tests {
namespace {

using Ids = std::vector<std::uint32_t>;

TEST(AnchorParity, backfill_is_the_permutation_of_numpy) {
  std::ifstream stream(PROV_REPOSITORY "/tests/parity/data/backfill.json");
  const auto cases = nlohmann::json::parse(stream).at("cases");
  ASSERT_EQ(cases.size(), 12u);
  for (const auto& entry : cases) {
    const Ids excluded = entry.at("excluded");
    EXPECT_EQ(signals::backfill_anchors(entry.at("rows"), excluded, entry.at("count")),
              entry.at("ids").get<Ids>());
  }
}

TEST(AnchorParity, models_of_the_repository) {
  const auto golden = golden_models(PROV_REPOSITORY "/tests/parity/data/tokenizers.json");
  for (const auto& [name, record] : golden.items()) {
    const auto kit =
        kit_tokenizer(PROV_REPOSITORY "/tests/" + record.at("folder").get<std::string>());
    EXPECT_EQ(signals::select_anchors(&kit, record.at("mfi").at("vocab_size")),
              record.at("anchors").get<Ids>())
        << name;
  }
}

TEST(AnchorParity, without_a_tokenizer_all_rows_are_random) {
  EXPECT_EQ(signals::select_anchors(nullptr, 8, 8), (Ids{1, 5, 0, 7, 2, 4, 3, 6}));
  EXPECT_EQ(signals::select_anchors(nullptr, 0, 8), Ids{});
  EXPECT_EQ(signals::select_anchors(nullptr, 1, 8), Ids{0});
}

}  // namespace
}  // namespace prov::tests
