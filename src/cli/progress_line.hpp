// One line on a terminal that says how far the reading is.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "provenancekit/progress.hpp"

namespace prov::cli {

/// Draws at most ten times a second, and nothing at all in the first third of a second.
/// Thread-safe; the destructor clears the line.
class ProgressLine : public Progress {
 public:
  using Clock = std::chrono::steady_clock;
  using Write = std::function<void(std::string_view)>;
  using Now = std::function<Clock::time_point()>;

  ProgressLine(Write write, unsigned columns, Now now = Clock::now);
  ~ProgressLine() override;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void phase(std::string_view name) override;
  void expect(std::uint64_t bytes) override;
  void advance(std::uint64_t bytes) override;

 private:
  void draw();
  std::string text(Clock::time_point now) const;

  const Write write_;
  const unsigned columns_;
  const Now now_;
  std::mutex mutex_;  // guards all below
  std::string phase_;
  std::uint64_t expected_ = 0, read_ = 0;
  std::optional<Clock::time_point> reading_since_;
  Clock::time_point next_drawing_;
  bool drawn_ = false;
};

}  // namespace prov::cli
