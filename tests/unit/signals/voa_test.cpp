#include "signals/voa.hpp"

#include <gtest/gtest.h>

namespace prov::signals {
namespace {

using Texts = std::vector<std::string_view>;

// Cases of the kit's own tests (specification, section 13.4).
TEST(Voa, IsTheJaccardIndex) {
  EXPECT_EQ(vocabulary_overlap(Texts{"a", "b"}, Texts{"a", "b"}).jaccard, 1.0);
  EXPECT_EQ(vocabulary_overlap(Texts{"a"}, Texts{"b"}).jaccard, 0.0);
  EXPECT_EQ(vocabulary_overlap(Texts{"a", "b", "c"}, Texts{"b", "c", "d"}).jaccard, 0.5);
  EXPECT_EQ(vocabulary_overlap(Texts{}, Texts{}).jaccard, 0.0);
}

TEST(Voa, SharesOfEachSide) {
  const auto overlap = vocabulary_overlap(Texts{"a", "b"}, Texts{"a", "b", "c"});
  EXPECT_EQ(overlap.common, 2u);
  EXPECT_EQ(overlap.share_of_a, 1.0);
  EXPECT_EQ(overlap.share_of_b, 0.6667);
  EXPECT_EQ(overlap.jaccard, 0.6667);
}

}  // namespace
}  // namespace prov::signals
