#include "cli/progress_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace prov::cli {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kMiB = 1024 * 1024;

struct Screen {
  ProgressLine::Clock::time_point now{1h};
  std::vector<std::string> writes;
};

TEST(ProgressLine, ShowsBytesRateAndTimeLeftAndIsClearedAtTheEnd) {
  Screen screen;
  {
    ProgressLine line([&](std::string_view text) { screen.writes.emplace_back(text); }, 80,
                      [&] { return screen.now; });
    line.phase("reading model A");
    line.expect(100 * kMiB);
    line.advance(1 * kMiB);
    EXPECT_THAT(screen.writes, IsEmpty()) << "nothing in the first third of a second";
    screen.now += 1s;
    line.advance(19 * kMiB);
    line.advance(5 * kMiB);  // at the same moment: not drawn
    screen.now += 100ms;
    line.advance(0);
  }
  EXPECT_THAT(screen.writes,
              ElementsAre("\r\x1b[Kreading model A: 20.0 MiB of 100.0 MiB, 20.0 MiB/s, 0:04 left",
                          "\r\x1b[Kreading model A: 25.0 MiB of 100.0 MiB, 22.7 MiB/s, 0:04 left",
                          "\r\x1b[K"));
}

TEST(ProgressLine, LeavesNoTraceOfShortWork) {
  Screen screen;
  {
    ProgressLine line([&](std::string_view text) { screen.writes.emplace_back(text); }, 80,
                      [&] { return screen.now; });
    line.phase("reading");
    line.advance(5);
  }
  EXPECT_THAT(screen.writes, IsEmpty());
}

TEST(ProgressLine, StaysOnOneLineAndPrintsNoEscapesOfOthers) {
  Screen screen;
  ProgressLine line([&](std::string_view text) { screen.writes.emplace_back(text); }, 12,
                    [&] { return screen.now; });
  screen.now += 1s;
  line.phase("a\x1b[2J and something long");
  ASSERT_EQ(screen.writes.size(), 1u);
  EXPECT_EQ(screen.writes[0], "\r\x1b[Ka\\u{1b}[2J");
}

TEST(ProgressLine, TakesCallsFromSeveralThreads) {
  Screen screen;
  ProgressLine line([&](std::string_view text) { screen.writes.emplace_back(text); }, 80,
                    [&] { return screen.now; });
  line.expect(4000);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 1000; ++n) line.advance(1);
      });
    }
  }
  screen.now += 1s;
  line.advance(0);
  ASSERT_EQ(screen.writes.size(), 1u);
  EXPECT_THAT(screen.writes[0], testing::HasSubstr("3.9 KiB of 3.9 KiB"));
}

}  // namespace
}  // namespace prov::cli
