#include "signals/anchors.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>
#include <unordered_set>

#include "signals/anchor_table.hpp"
#include "signals/script_distribution.hpp"

namespace prov::signals {
namespace {

constexpr std::uint64_t kBackfillPool = 50000;
constexpr double kActiveShare = 0.05;

struct Allocation {
  Script script;
  double share;
  long texts;
};

/// Scripts that get anchors, in the order of the distribution.
std::vector<Allocation> active_scripts(const model::Tokenizer& tokenizer) {
  std::vector<std::string_view> texts;
  for (const auto& [text, id] : full_vocabulary(tokenizer)) texts.push_back(text);
  std::vector<Allocation> active;
  for (const auto& [script, share] : script_distribution(texts)) {
    if (share >= kActiveShare && script != Script::other) active.push_back({script, share, 0});
  }
  if (active.empty()) active.push_back({Script::latin, 1.0, 0});
  return active;
}

/// Shares out `budget` texts by share, at least two a script; what rounding gained or lost goes to
/// the largest.
void allocate(std::vector<Allocation>& scripts, long budget) {
  double total = 0;
  for (const Allocation& script : scripts) total += script.share;
  long allocated = 0;
  for (Allocation& script : scripts) {
    const double exact = static_cast<double>(budget) * script.share / total;
    script.texts = std::max(2L, std::lrint(exact));  // ties to even, as Python rounds
    allocated += script.texts;
  }
  auto largest = std::max_element(scripts.begin(), scripts.end(),
                                  [](const auto& a, const auto& b) { return a.texts < b.texts; });
  if (allocated != budget) largest->texts = std::max(2L, largest->texts - (allocated - budget));
}

/// The chosen ids, each once.
class Chosen {
 public:
  explicit Chosen(std::uint64_t rows) : rows_(rows) {}

  void encode(const model::TextEncoder& encoder, std::string_view text) {
    const auto token_ids = encoder.encode(text);
    if (token_ids.empty() || token_ids.front() >= rows_) return;
    if (known_.insert(token_ids.front()).second) ids_.push_back(token_ids.front());
  }
  std::vector<std::uint32_t> take() && { return std::move(ids_); }
  std::size_t size() const { return ids_.size(); }

 private:
  std::uint64_t rows_;
  std::vector<std::uint32_t> ids_;
  std::unordered_set<std::uint32_t> known_;
};

std::vector<std::uint32_t> encoded_anchors(const model::Tokenizer& tokenizer, std::uint64_t rows,
                                           std::size_t count) {
  const model::TextEncoder encoder(tokenizer);
  Chosen chosen(rows);
  for (std::string_view text : punctuation_anchors()) chosen.encode(encoder, text);
  auto scripts = active_scripts(tokenizer);
  allocate(scripts, static_cast<long>(count) - static_cast<long>(chosen.size()));
  std::stable_sort(scripts.begin(), scripts.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  for (const Allocation& script : scripts) {
    const auto& texts = script_anchors(script.script);
    const std::size_t take = std::min(texts.size(), static_cast<std::size_t>(script.texts));
    for (std::size_t i = 0; i < take; ++i) chosen.encode(encoder, texts[i]);
  }
  return std::move(chosen).take();
}

}  // namespace

std::vector<std::uint32_t> backfill_anchors(std::uint64_t rows,
                                            std::span<const std::uint32_t> chosen,
                                            std::size_t count) {
  const std::unordered_set<std::uint32_t> taken(chosen.begin(), chosen.end());
  std::vector<std::uint32_t> pool;
  for (std::uint32_t id = 0; id < std::min(rows, kBackfillPool); ++id) {
    if (!taken.contains(id)) pool.push_back(id);
  }
  // numpy's RandomState.permutation: the whole pool is shuffled from its end, with draws rejected
  // above a bit mask.
  std::mt19937 generator(42);
  for (std::uint32_t i = static_cast<std::uint32_t>(pool.size()); i-- > 1;) {
    const std::uint32_t mask = std::bit_ceil(i + 1) - 1;
    std::uint32_t draw;
    do {
      draw = static_cast<std::uint32_t>(generator()) & mask;
    } while (draw > i);
    std::swap(pool[i], pool[draw]);
  }
  pool.resize(std::min(pool.size(), count));
  return pool;
}

std::vector<std::uint32_t> select_anchors(const model::KitTokenizer* tokenizer, std::uint64_t rows,
                                          std::size_t count) {
  std::vector<std::uint32_t> anchors;
  if (tokenizer) anchors = encoded_anchors(tokenizer->backend, rows, count);
  if (anchors.size() < count) {
    const auto random = backfill_anchors(rows, anchors, count - anchors.size());
    anchors.insert(anchors.end(), random.begin(), random.end());
  }
  anchors.resize(std::min(anchors.size(), count));
  return anchors;
}

}  // namespace prov::signals
