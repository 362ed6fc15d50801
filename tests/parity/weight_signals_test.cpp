// The five weight signals and the scores against the published kit: every model and pair of each
// golden set whose weights are at hand. Similarities, scores and labels must be equal; vectors
// within the rounding of the kit's f32 sums.
#include "signals/weight_signals.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "parity/weight_goldens.hpp"
#include "source/snapshot.hpp"
#include "verdict/kit_scores.hpp"

namespace prov {
namespace {

using signals::WeightSignals;

struct GoldenSet {
  std::string name, features, pairs, models;
  bool one_folder = false;  // all models have the weights of `models` itself
};

std::ostream& operator<<(std::ostream& out, const GoldenSet& set) { return out << set.name; }

// Damaged models that the kit compares without weights; ours refuses to open them.
const std::set<std::string> kRefused = {"bad-missing-shard", "bad-shard-escape"};
// Where the kit's numbers depend on the shards, or on the container (it rounds a .bin to float16
// and takes its tensors in another order), ours are those of the twin in one safetensors file.
const std::map<std::string, std::string> kTwin = {{"tiny-a-sharded", "tiny-a"},
                                                  {"tiny-a-bin", "tiny-a"}};

std::string twin(const std::string& name) { return kTwin.contains(name) ? kTwin.at(name) : name; }

class WeightParity : public testing::TestWithParam<GoldenSet> {
 protected:
  void SetUp() override {
    goldens_ = tests::read_weight_goldens(GetParam().features, GetParam().pairs);
    ASSERT_FALSE(goldens_.models.empty());
    ASSERT_FALSE(goldens_.pairs.empty());
  }

  Result<model::Checkpoint> open(const std::string& name) const {
    const std::string folder =
        GetParam().one_folder ? GetParam().models : GetParam().models + "/" + name;
    auto snapshot = source::locate(folder);
    if (!snapshot) return snapshot.error();
    return model::open_checkpoint(*snapshot);
  }

  // Null for a model without readable weights.
  const WeightSignals* signals_of(const std::string& name) {
    if (const auto known = extracted_.find(name); known != extracted_.end()) return &known->second;
    const auto checkpoint = open(name);
    if (!checkpoint || checkpoint->tensors.empty()) return nullptr;
    const auto anchors = [&](std::uint64_t) { return goldens_.models.at(twin(name)).anchors; };
    auto signals = signals::read_weight_signals(*checkpoint, {.select_anchors = anchors});
    EXPECT_TRUE(signals) << signals.error().to_string();
    return &(extracted_[name] = *std::move(signals));
  }

  // Calls check(signals, golden) for each model whose weights the kit read.
  template <class Check>
  void for_each_model(const Check& check) {
    std::size_t checked = 0;
    for (const auto& [name, golden] : goldens_.models) {
      SCOPED_TRACE(name);
      if (!golden.has_weights) continue;
      const WeightSignals* signals = signals_of(name);
      ASSERT_NE(signals, nullptr);
      check(*signals, goldens_.models.at(twin(name)));
      ++checked;
    }
    EXPECT_GE(checked, 3u);
  }

  template <class Check>
  void for_each_pair(const Check& check) {
    for (const tests::GoldenPair& pair : goldens_.pairs) {
      SCOPED_TRACE(pair.a + " and " + pair.b);
      static const WeightSignals kNone;
      const WeightSignals* a = signals_of(pair.a);
      const WeightSignals* b = signals_of(pair.b);
      check(a != nullptr ? *a : kNone, b != nullptr ? *b : kNone, golden_of_twins(pair));
    }
  }

  tests::WeightGoldens goldens_;

 private:
  const tests::GoldenPair& golden_of_twins(const tests::GoldenPair& pair) const {
    for (const tests::GoldenPair& other : goldens_.pairs) {
      const bool same = other.a == twin(pair.a) && other.b == twin(pair.b);
      const bool mirrored = other.a == twin(pair.b) && other.b == twin(pair.a);
      if (same || mirrored) return other;
    }
    ADD_FAILURE() << "no golden for the twins";
    return pair;
  }

  std::map<std::string, WeightSignals> extracted_;
};

template <class T>
void expect_near(const std::vector<T>& actual, const tests::GoldenVector& golden, double tolerance,
                 double sum_tolerance) {
  ASSERT_EQ(actual.size(), golden.count);
  double sum = 0;
  for (const T value : actual) sum += static_cast<double>(value);
  EXPECT_NEAR(sum, golden.sum, sum_tolerance);
  for (std::size_t i = 0; i < golden.head.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(actual[i]), golden.head[i], tolerance) << "at " << i;
  }
}

TEST_P(WeightParity, EasCosines) {
  for_each_model([](const WeightSignals& ours, const tests::GoldenModel& golden) {
    ASSERT_EQ(ours.eas.missing.empty(), golden.eas.has_value());
    if (golden.eas) expect_near(ours.eas.cosines, *golden.eas, 1e-6, 1e-3);
  });
}

TEST_P(WeightParity, NlfValues) {
  for_each_model([](const WeightSignals& ours, const tests::GoldenModel& golden) {
    ASSERT_EQ(ours.nlf.missing.empty(), golden.nlf.has_value());
    if (!golden.nlf) return;
    EXPECT_EQ(ours.nlf.mode == signals::NlfMode::direct ? "direct" : "stats", golden.nlf_mode);
    EXPECT_EQ(ours.nlf.tensors, golden.nlf_tensors);
    expect_near(ours.nlf.values, *golden.nlf, 0, 1e-9);
  });
}

TEST_P(WeightParity, LepProfile) {
  for_each_model([](const WeightSignals& ours, const tests::GoldenModel& golden) {
    ASSERT_EQ(ours.lep.missing.empty(), golden.lep.has_value());
    if (golden.lep) expect_near(ours.lep.profile, *golden.lep, 1e-12, 1e-11);
  });
}

TEST_P(WeightParity, EndHistogram) {
  for_each_model([](const WeightSignals& ours, const tests::GoldenModel& golden) {
    ASSERT_EQ(ours.end.histogram.has_value(), golden.end.has_value());
    if (!golden.end) return;
    expect_near(std::vector(ours.end.histogram->begin(), ours.end.histogram->end()), *golden.end,
                5e-7, 1e-9);
  });
}

TEST_P(WeightParity, WvcSamples) {
  for_each_model([](const WeightSignals& ours, const tests::GoldenModel& golden) {
    ASSERT_EQ(ours.wvc.layers.size(), golden.wvc.size());
    for (const auto& [layer, samples] : golden.wvc) {
      SCOPED_TRACE(layer);
      ASSERT_TRUE(ours.wvc.layers.contains(layer));
      expect_near(ours.wvc.layers.at(layer), samples, 0, 1e-9);
    }
  });
}

TEST_P(WeightParity, EasOfPairs) {
  for_each_pair(
      [](const WeightSignals& a, const WeightSignals& b, const tests::GoldenPair& golden) {
        EXPECT_EQ(signals::eas_similarity(a.eas, b.eas), golden.signals.eas);
      });
}

TEST_P(WeightParity, NlfOfPairs) {
  for_each_pair(
      [](const WeightSignals& a, const WeightSignals& b, const tests::GoldenPair& golden) {
        EXPECT_EQ(signals::nlf_similarity(a.nlf, b.nlf), golden.signals.nlf);
      });
}

TEST_P(WeightParity, LepOfPairs) {
  for_each_pair(
      [](const WeightSignals& a, const WeightSignals& b, const tests::GoldenPair& golden) {
        EXPECT_EQ(signals::lep_similarity(a.lep, b.lep), golden.signals.lep);
      });
}

TEST_P(WeightParity, EndOfPairs) {
  for_each_pair(
      [](const WeightSignals& a, const WeightSignals& b, const tests::GoldenPair& golden) {
        EXPECT_EQ(signals::end_similarity(a.end, b.end), golden.signals.end);
      });
}

TEST_P(WeightParity, WvcOfPairs) {
  for_each_pair(
      [](const WeightSignals& a, const WeightSignals& b, const tests::GoldenPair& golden) {
        EXPECT_EQ(signals::wvc_similarity(a.wvc, b.wvc), golden.signals.wvc);
      });
}

// From the kit's own signals, so that a wrong signal does not hide a wrong score; all pairs of the
// set.
TEST_P(WeightParity, ScoresAndLabelsOfPairs) {
  for (const tests::GoldenPair& pair : goldens_.pairs) {
    SCOPED_TRACE(pair.a + " and " + pair.b);
    const KitScores scores = verdict::kit_scores(pair.signals, pair.mfi);
    EXPECT_EQ(scores.identity_score, pair.identity);
    EXPECT_EQ(scores.tokenizer_score, pair.tokenizer);
    EXPECT_EQ(scores.pipeline_score, pair.pipeline);
    EXPECT_EQ(scores.provenance_decision, pair.decision);
    EXPECT_EQ(scores.label, pair.label);
    EXPECT_EQ(scores.colour, pair.colour);
  }
}

TEST_P(WeightParity, UnreadableModelsAreRefusedByName) {
  for (const auto& [name, golden] : goldens_.models) {
    SCOPED_TRACE(name);
    if (!kRefused.contains(name)) continue;
    const auto checkpoint = open(name);
    ASSERT_FALSE(checkpoint);
    EXPECT_NE(checkpoint.error().code, ErrorCode::unsupported);
  }
}

const std::string kData = PROV_REPOSITORY "/tests/parity/data";
const std::string kGoldens = PROV_SHARED "/goldens";

std::vector<GoldenSet> golden_sets() {
  std::vector<GoldenSet> sets = {{.name = "carried",
                                  .features = kData + "/weight-signals.json",
                                  .pairs = kData + "/weight-signals.json",
                                  .models = kData + "/models"}};
  if (!std::filesystem::exists(kGoldens)) return sets;
  const auto shared = [&](const std::string& set, const std::string& models, bool one_folder) {
    const std::string file_set = set == "zoo" ? "zoo-dev" : set;
    sets.push_back({set, kGoldens + "/features-" + file_set + ".json",
                    kGoldens + "/pairs-" + file_set + ".json", models, one_folder});
  };
  shared("fixtures", kGoldens + "/fixtures", false);
  shared("zoo", PROV_SHARED "/zoo/dev", false);
  // 64 variants of tokenizer and configuration around the weights of tiny-a.
  shared("tokvar", kGoldens + "/fixtures/tiny-a", true);
  return sets;
}

INSTANTIATE_TEST_SUITE_P(Sets, WeightParity, testing::ValuesIn(golden_sets()),
                         [](const auto& set) { return set.param.name; });

}  // namespace
}  // namespace prov
