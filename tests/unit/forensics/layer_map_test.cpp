#include "forensics/layer_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace prov::forensics {
namespace {

using testing::ElementsAre;
constexpr int kNone = -1;

/// A table in which column j comes from row sources[j]; neighbouring rows look a little alike.
LayerTable table_of(std::size_t rows, const std::vector<int>& sources) {
  LayerTable table(rows, sources.size());
  for (std::size_t j = 0; j < sources.size(); ++j) {
    for (std::size_t i = 0; i < rows; ++i) {
      const int distance = sources[j] == kNone ? 9 : std::abs(static_cast<int>(i) - sources[j]);
      table.at(i, j) = distance == 0   ? LayerCell{90, 0.9}
                       : distance == 1 ? LayerCell{10, 0.12}
                                       : LayerCell{0.5, 0.001};
    }
  }
  return table;
}

std::vector<int> sources(const std::vector<LayerSource>& map) {
  std::vector<int> result;
  for (const LayerSource& entry : map)
    result.push_back(entry.source ? static_cast<int>(*entry.source) : kNone);
  return result;
}

TEST(LayerMap, FindsLayersWhereverTheyStand) {
  EXPECT_THAT(sources(map_layers(table_of(4, {0, 1, 2, 3}), {})), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(sources(map_layers(table_of(6, {0, 1, 3, 5}), {})), ElementsAre(0, 1, 3, 5));
  EXPECT_THAT(sources(map_layers(table_of(4, {0, 1, 2, 1, 2, 3}), {})),
              ElementsAre(0, 1, 2, 1, 2, 3));
  EXPECT_THAT(sources(map_layers(table_of(4, {3, 1, 0, 2}), {})), ElementsAre(3, 1, 0, 2));
}

TEST(LayerMap, LeavesLayersOfOtherOriginOut) {
  EXPECT_THAT(sources(map_layers(table_of(4, {0, kNone, 2, kNone}), {})),
              ElementsAre(0, kNone, 2, kNone));
  LayerTable faint = table_of(3, {0, 1, 2});
  faint.at(2, 2) = LayerCell{20, 0.15};  // significant, and no copy beside the others
  EXPECT_THAT(sources(map_layers(faint, {})), ElementsAre(0, 1, kNone));
}

TEST(LayerMap, PrefersTheSmoothPathWhereLayersAreEqual) {
  LayerTable table = table_of(3, {0, 1, 2});
  table.at(0, 1) = LayerCell{91, 0.91};  // a hair nearer than the layer that follows
  EXPECT_THAT(sources(map_layers(table, {})), ElementsAre(0, 1, 2));
}

TEST(LayerMap, IsEmptyWithoutATableAndWithoutSignificance) {
  EXPECT_TRUE(map_layers({}, {}).empty());
  EXPECT_THAT(sources(map_layers(table_of(2, {kNone, kNone}), {})), ElementsAre(kNone, kNone));
}

TEST(LayerMap, TurnsAround) {
  EXPECT_THAT(sources(map_layers(turned_around(table_of(3, {0, 1, 1, 2})), {})).size(), 3U);
  const LayerTable table = table_of(2, {1, 0, 1});
  EXPECT_EQ(turned_around(table).at(2, 1)->z, table.at(1, 2)->z);
}

}  // namespace
}  // namespace prov::forensics
