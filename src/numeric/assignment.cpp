#include "numeric/assignment.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "numeric/kernels/kernels.hpp"
#include "numeric/sums.hpp"

namespace prov::numeric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr int kBiddingRounds = 2;

/// A score less its column's price is what the row gains there. Prices start at 0 and only rise;
/// a column without a row keeps price 0. At the end each row has a column of its largest gain,
/// which proves the sum to be the largest.
class Assignment {
 public:
  Assignment(std::span<const float> scores, std::size_t rows, std::size_t columns)
      : scores_(scores),
        column_of_row_(rows, kNone),
        row_of_column_(columns, kNone),
        price_(columns, 0),
        distance_(columns),
        open_price_(columns),
        from_row_(columns) {}

  std::vector<std::uint32_t> solve() {
    std::vector<std::uint32_t> waiting(column_of_row_.size());
    std::iota(waiting.begin(), waiting.end(), 0U);
    for (int round = 0; round < kBiddingRounds && row_of_column_.size() > 1; ++round)
      waiting = bid(waiting);
    for (const std::uint32_t row : waiting) augment(row);
    return column_of_row_;
  }

 private:
  const float* row(std::uint32_t i) const { return scores_.data() + i * row_of_column_.size(); }

  void match(std::uint32_t i, std::uint32_t column) {
    row_of_column_[column] = i;
    column_of_row_[i] = column;
  }

  /// Each row takes its best column and raises the price to where its second best is as good. Who
  /// loses a column so bids again; who loses it without a higher price waits. Returns who waits.
  std::vector<std::uint32_t> bid(const std::vector<std::uint32_t>& rows) {
    std::vector<std::uint32_t> waiting;
    std::size_t bids = 8 * column_of_row_.size();  // rows can outbid each other by tiny steps
    for (const std::uint32_t first : rows) {
      for (std::uint32_t i = first; i != kNone;) {
        if (bids == 0) {
          waiting.push_back(i);
          break;
        }
        --bids;
        const BestTwo best = kernels().best_two(row(i), price_.data(), price_.size());
        const double raised = price_[best.column] + (best.gain - best.next_gain);
        const bool higher = raised > price_[best.column];
        const bool next = !higher && row_of_column_[best.column] != kNone;
        const std::uint32_t column = next ? best.next_column : best.column;
        const std::uint32_t loser = row_of_column_[column];
        if (higher) price_[column] = raised;
        match(i, column);
        if (loser != kNone) {
          column_of_row_[loser] = kNone;
          if (!higher) waiting.push_back(loser);
        }
        i = higher ? loser : kNone;
      }
    }
    return waiting;
  }

  /// Dijkstra's algorithm from a row without a column to the nearest column without a row. The
  /// length of a step from row i to column j is what row i would lose there, less what it has.
  void augment(std::uint32_t start) {
    open_price_ = price_;  // a reached column becomes infinitely dear, so that no step gets shorter
    std::fill(distance_.begin(), distance_.end(), kInfinity);
    reached_.clear();
    std::uint32_t i = start;
    double base = 0;
    for (;;) {
      const std::uint32_t column = relax(i, base);
      const double distance = distance_[column];
      if (row_of_column_[column] == kNone) {
        for (const Reached& earlier : reached_)
          price_[earlier.column] += distance - earlier.distance;
        hand_over(start, column);
        return;
      }
      reached_.push_back({column, distance});
      distance_[column] = kInfinity;
      open_price_[column] = kInfinity;
      i = row_of_column_[column];
      base = distance + (static_cast<double>(row(i)[column]) - price_[column]);
    }
  }

  /// Shortens the ways that lead through row i; returns the nearest column that is not reached yet,
  /// of several one without a row.
  std::uint32_t relax(std::uint32_t i, double base) {
    const std::size_t columns = distance_.size();
    const double least =
        kernels().shorten_ways(row(i), base, open_price_.data(), columns, static_cast<double>(i),
                               distance_.data(), from_row_.data());
    const auto next = [&](std::size_t begin) {
      return begin + kernels().find_f64(distance_.data() + begin, columns - begin, least);
    };
    const std::size_t nearest = next(0);
    for (std::size_t j = nearest; j < columns; j = next(j + 1)) {
      if (row_of_column_[j] == kNone) return static_cast<std::uint32_t>(j);
    }
    return static_cast<std::uint32_t>(nearest);
  }

  /// Gives `column` to the row it was reached from, that row's column to the one before, and so on.
  void hand_over(std::uint32_t start, std::uint32_t column) {
    for (;;) {
      const auto i = static_cast<std::uint32_t>(from_row_[column]);
      const std::uint32_t freed = column_of_row_[i];
      match(i, column);
      if (i == start) return;
      column = freed;
    }
  }

  struct Reached {
    std::uint32_t column;
    double distance;
  };

  std::span<const float> scores_;
  std::vector<std::uint32_t> column_of_row_, row_of_column_;
  std::vector<double> price_;
  // Of the search under way.
  std::vector<double> distance_, open_price_, from_row_;
  std::vector<Reached> reached_;
};

}  // namespace

std::vector<std::uint32_t> best_assignment(std::span<const float> scores, std::size_t rows,
                                           std::size_t columns) {
  if (square_sum(scores).non_finite == 0) return Assignment(scores, rows, columns).solve();
  float least = std::numeric_limits<float>::max();
  for (const float score : scores) least = std::isfinite(score) ? std::min(least, score) : least;
  std::vector<float> cleared(scores.begin(), scores.end());
  for (float& score : cleared) score = std::isfinite(score) ? score : least;
  return Assignment(cleared, rows, columns).solve();
}

}  // namespace prov::numeric
