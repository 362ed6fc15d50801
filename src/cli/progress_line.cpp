#include "cli/progress_line.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/printable.hpp"
#include "report/number_text.hpp"
#include "report/text_layout.hpp"

namespace prov::cli {
namespace {

using std::chrono::milliseconds;

constexpr auto kSilence = milliseconds(333);  // short work shows no progress at all
constexpr auto kInterval = milliseconds(100);
constexpr std::string_view kClear = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine(Write write, unsigned columns, Now now)
    : write_(std::move(write)),
      columns_(columns),
      now_(std::move(now)),
      next_drawing_(now_() + kSilence) {}

ProgressLine::~ProgressLine() {
  if (drawn_) write_(kClear);
}

void ProgressLine::phase(std::string_view name) {
  const std::lock_guard lock(mutex_);
  phase_ = base::printable(name);
  draw();
}

void ProgressLine::expect(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  expected_ += bytes;
}

void ProgressLine::advance(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!reading_since_) reading_since_ = now_();
  read_ += bytes;
  draw();
}

void ProgressLine::draw() {
  const Clock::time_point now = now_();
  if (now < next_drawing_) return;
  next_drawing_ = now + kInterval;
  // One column stays free: some terminals wrap when the last one is written.
  const std::size_t width = columns_ > 3 ? columns_ - 1 : 2;
  write_(std::string(kClear) + report::wrap(text(now), width).front());
  drawn_ = true;
}

std::string ProgressLine::text(Clock::time_point now) const {
  std::string line = phase_;
  if (!reading_since_) return line;
  line += line.empty() ? "" : ": ";
  line += report::byte_size(read_);
  if (expected_ >= read_) line += " of " + report::byte_size(expected_);
  const double seconds = std::chrono::duration<double>(now - *reading_since_).count();
  if (seconds < 0.2 || read_ == 0) return line;
  const double rate = static_cast<double>(read_) / seconds;
  line += fmt::format(", {}/s", report::byte_size(static_cast<std::uint64_t>(rate)));
  if (expected_ >= read_) {
    const auto left =
        static_cast<std::uint64_t>(std::ceil(static_cast<double>(expected_ - read_) / rate));
    line += fmt::format(", {}:{:02} left", left / 60, left % 60);
  }
  return line;
}

}  // namespace prov::cli
