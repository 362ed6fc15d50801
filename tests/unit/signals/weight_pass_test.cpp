#include "signals/weight_pass.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "source/snapshot.hpp"
#include "support/checkpoint_builder.hpp"

namespace prov::signals {
namespace {

using tests::Safetensors;

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(i % 251) - 125.0f;  // exact in bf16
  return values;
}

// A checkpoint of one file in its own folder.
struct Stored {
  tests::TempFolder folder;
  model::Checkpoint checkpoint;

  explicit Stored(const Safetensors& file) {
    folder.write("model.safetensors", file.bytes());
    checkpoint = *model::open_checkpoint(*source::locate(folder.string()));
  }

  const model::Tensor* tensor(std::size_t i = 0) const { return &checkpoint.tensors[i]; }
};

// Long enough for three segments, with rows that straddle segments and blocks.
constexpr std::uint64_t kRows = 700, kColumns = 3001;

TEST(WeightPass, SumsGathersAndCountsAcrossSegments) {
  std::vector<float> values = ramp(kRows * kColumns);
  values[5] = std::numeric_limits<float>::quiet_NaN();
  const Stored stored(Safetensors().f32("x", {kRows, kColumns}, values));
  std::vector<double> rows(kRows);
  std::vector<float> row699(kColumns), sparse(100);
  const TensorRequest request{.tensor = stored.tensor(),
                              .gathers = {{699 * kColumns, 1, row699}, {7, 20000, sparse}},
                              .row_square_sums = rows};
  const auto summaries = read_weights(stored.checkpoint, std::span(&request, 1), {});
  ASSERT_TRUE(summaries) << summaries.error().to_string();
  EXPECT_EQ((*summaries)[0].non_finite, 1u);
  EXPECT_TRUE(std::equal(row699.begin(), row699.end(), values.begin() + 699 * kColumns));
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(sparse[i], values[7 + 20000 * i]);

  // Small integers: every sum is exact, whatever the order.
  for (std::size_t r = 0; r < kRows; ++r) {
    double expected = 0;
    for (std::size_t c = 0; c < kColumns; ++c) {
      const float x = values[r * kColumns + c];
      if (x == x) expected += static_cast<double>(x * x);
    }
    EXPECT_EQ(rows[r], expected) << r;
  }
}

TEST(WeightPass, CountsWhatIsNotFiniteWhateverIsWanted) {
  std::vector<float> values(300000, 1.0f);
  values[1] = std::numeric_limits<float>::infinity();
  values[200000] = values[299999] = std::numeric_limits<float>::quiet_NaN();
  const Stored stored(Safetensors().f32("x", {300, 1000}, values));
  std::vector<double> rows(300);
  for (const bool norm : {false, true}) {
    for (const bool with_rows : {false, true}) {
      const TensorRequest request{
          .tensor = stored.tensor(),
          .row_square_sums = with_rows ? std::span(rows) : std::span<double>(),
          .chained_norm = norm};
      EXPECT_EQ((*read_weights(stored.checkpoint, std::span(&request, 1), {}))[0].non_finite, 3u);
    }
  }
}

TEST(WeightPass, DoesNotDependOnThreadsPiecesOrKernels) {
  std::vector<float> values(kRows * kColumns);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = 0.37f * static_cast<float>(i % 1009) - 100.1f;
  const Stored stored(
      Safetensors().f32("a", {kRows, kColumns}, values).f32("b", {kRows, kColumns}, values));
  struct Run {
    std::vector<double> rows = std::vector<double>(kRows);
    std::vector<TensorSummary> summaries;
  };
  const auto run = [&](std::size_t workers, std::size_t piece) {
    Run result;
    const std::vector<TensorRequest> requests = {
        {.tensor = stored.tensor(0), .chained_norm = true},
        {.tensor = stored.tensor(1), .row_square_sums = result.rows}};
    result.summaries =
        *read_weights(stored.checkpoint, requests, {.piece = piece, .workers = workers});
    return result;
  };
  const std::string best(numeric::kernels().name);
  const Run reference = run(1, kSegment);
  for (const numeric::Kernels* kernels : numeric::available_kernels()) {
    numeric::force_kernels(kernels->name);
    for (const auto& [workers, piece] : {std::pair{1u, 4096u}, {2u, 65536u}, {5u, 12288u}}) {
      const Run other = run(workers, piece);
      EXPECT_EQ(other.rows, reference.rows) << kernels->name << ' ' << piece;
      for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(other.summaries[i].content, reference.summaries[i].content);
        EXPECT_EQ(other.summaries[i].chained_norm, reference.summaries[i].chained_norm);
      }
    }
  }
  numeric::force_kernels(best);
  EXPECT_EQ(reference.summaries[0].content, reference.summaries[1].content);
  EXPECT_NEAR(static_cast<double>(reference.summaries[0].chained_norm),
              std::sqrt(std::accumulate(reference.rows.begin(), reference.rows.end(), 0.0)), 10);
  EXPECT_EQ(reference.summaries[1].chained_norm, 0.0f);
}

// Enough tensors that one thread reads those of one size two at a time; their sizes are no multiple
// of anything.
TEST(WeightPass, TensorsReadTwoAtATimeAreEachTheirOwn) {
  constexpr std::size_t kTensors = 9;
  Safetensors file;
  std::vector<TensorRequest> requests;
  for (std::size_t i = 0; i < kTensors; ++i) {
    const std::uint64_t rows = i % 4 == 3 ? kRows + i : kRows;
    std::vector<float> values(rows * kColumns);
    for (std::size_t j = 0; j < values.size(); ++j)
      values[j] = 0.37f * static_cast<float>((j + i) % 1009) - 100.1f;
    if (i == 5) values[kSegment + 3] = std::numeric_limits<float>::infinity();
    file.f32("t" + std::to_string(i), {rows, kColumns}, values);
    requests.push_back({.chained_norm = true});
  }
  const Stored stored(file);
  for (std::size_t i = 0; i < kTensors; ++i) requests[i].tensor = stored.tensor(i);
  const auto run = [&](std::size_t workers) {
    return *read_weights(stored.checkpoint, requests, {.workers = workers});
  };
  const auto together = run(1), apart = run(kTensors);
  std::uint64_t non_finite = 0;
  for (std::size_t i = 0; i < kTensors; ++i) {
    EXPECT_EQ(together[i].chained_norm, apart[i].chained_norm) << i;
    EXPECT_EQ(together[i].content, apart[i].content) << i;
    EXPECT_EQ(together[i].non_finite, apart[i].non_finite) << i;
    EXPECT_GT(together[i].chained_norm, 0.0f) << i;
    non_finite += together[i].non_finite;
  }
  EXPECT_EQ(non_finite, 1u);
}

TEST(WeightPass, HashesValuesNotContainers) {
  std::vector<float> values = ramp(5000);
  const auto content = [](const Safetensors& file) {
    const Stored stored(file);
    const TensorRequest request{.tensor = stored.tensor()};
    return (*read_weights(stored.checkpoint, std::span(&request, 1), {}))[0].content;
  };
  const auto f32 = content(Safetensors().f32("x", {5000}, values));
  EXPECT_EQ(content(Safetensors().bf16("x", {5000}, values)), f32);
  EXPECT_EQ(content(Safetensors().f16("y", {50, 100}, values)), f32);
  values[4999] += 1;
  EXPECT_NE(content(Safetensors().bf16("x", {5000}, values)), f32);
  values[4999] -= 1;
  values[0] = std::nextafter(values[0], 0.0f);  // differs in the lower half only
  EXPECT_NE(content(Safetensors().f32("x", {5000}, values)), f32);
  EXPECT_NE(content(Safetensors().f32("x", {4999}, ramp(4999))), f32);
}

TEST(WeightPass, ReadsIntegersAsNumbersAndLeavesComplexOut) {
  std::vector<std::byte> integers(100), complex(80);
  for (std::size_t i = 0; i < 100; ++i) integers[i] = static_cast<std::byte>(i);
  const Stored stored(Safetensors()
                          .raw("a", format::Dtype::u8, {100}, integers)
                          .raw("c", format::Dtype::c64, {10}, complex));
  std::vector<float> out(100);
  const std::vector<TensorRequest> requests = {
      {.tensor = stored.tensor(0), .gathers = {{0, 1, out}}, .chained_norm = true},
      {.tensor = stored.tensor(1)}};
  const auto summaries = read_weights(stored.checkpoint, requests, {});
  ASSERT_TRUE(summaries);
  EXPECT_EQ(out[99], 99.0f);
  EXPECT_EQ((*summaries)[0].chained_norm, std::sqrt(328350.0f));
  EXPECT_TRUE((*summaries)[0].decoded);
  EXPECT_FALSE((*summaries)[1].decoded);
}

TEST(WeightPass, StopsWhenAskedAndReportsProgress) {
  struct Counter : Progress {
    std::atomic<std::uint64_t> expected{0}, done{0};
    void phase(std::string_view) override {}
    void expect(std::uint64_t bytes) override { expected += bytes; }
    void advance(std::uint64_t bytes) override { done += bytes; }
  } progress;
  const Stored stored(Safetensors().bf16("a", {300, 1000}, ramp(300000)).f32("b", {10}, ramp(10)));
  const std::vector<TensorRequest> requests = {{.tensor = stored.tensor(0)},
                                               {.tensor = stored.tensor(1)}};
  ASSERT_TRUE(read_weights(stored.checkpoint, requests, {.progress = &progress}));
  EXPECT_EQ(progress.expected, 600040u);
  EXPECT_EQ(progress.done, 600040u);

  std::stop_source stop;
  stop.request_stop();
  const auto stopped = read_weights(stored.checkpoint, requests, {.stop = stop.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

TEST(WeightPass, NoticesAFileThatChanged) {
  const Stored stored(Safetensors().f32("b", {1000}, ramp(1000)));
  stored.folder.write("model.safetensors", "short");
  const std::vector<TensorRequest> requests = {{.tensor = stored.tensor()}};
  const auto result = read_weights(stored.checkpoint, requests, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::changed_while_read);
}

TEST(WeightPass, AcceptsNothing) {
  const model::Checkpoint empty;
  const auto result = read_weights(empty, {}, {});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->empty());
}

}  // namespace
}  // namespace prov::signals
