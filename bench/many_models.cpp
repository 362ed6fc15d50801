// Makes a database of many models' sketches, as families grow by tuning and laundering, and times
// lookups in it.
//
// usage: many_models make DB MODELS [ROOTS.db]
//        many_models look DB QUERIES WORKERS
//
// A family is a tree: each new model comes from a member of its family. Families have sizes as
// 1 / rank, as on model hubs. How many words a child keeps is drawn from the relations of
// docs/fingerprint.md; half of those with a replaced tokenizer keep no word, but a code. ROOTS.db
// gives the words and codes of real models: roots take them, with the words hashed anew for each
// family; without it they are random.
//
// `look` makes queries as children of random models, prints milliseconds (median, 95 %) of the
// search by words and by code, and how often the parent came first and among the ten first.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "search/code_candidates.hpp"
#include "search/word_candidates.hpp"
#include "store/batch.hpp"

namespace {

using prov::Result;
using Words = std::vector<std::uint64_t>;

// As in the sketches of models with many units (docs/fingerprint.md).
constexpr std::size_t kWords = 512, kCodeWords = 256;
constexpr std::size_t kModelsPerFamily = 150;
constexpr std::size_t kModelsPerCommit = 500;  // as imports commit

struct Model {
  Words words, code;
};

/// What becomes of a model: share of words that stay, bits of the code that turn.
struct Step {
  double weight, least_kept, most_kept, turned;
};
constexpr std::array<Step, 6> kSteps = {{
    {.50, .66, .81, .02},  // fine-tuned
    {.20, .62, .96, .02},  // quantised
    {.10, .40, .92, .05},  // pruned, merged
    {.10, .07, .22, .10},  // continued pre-training
    {.05, 1.0, 1.0, .45},  // laundered: the order of units and coordinates is lost
    {.05, .00, .00, .04},  // tokenizer replaced
}};

class Family {
 public:
  Family(std::uint64_t seed, const std::vector<Model>& roots) : random_(seed) {
    if (roots.empty()) {
      root_ = {Words(kWords), Words(kCodeWords)};
      for (std::uint64_t& word : root_.words) word = random_();
      for (std::uint64_t& word : root_.code) word = random_();
      return;
    }
    root_ = roots[seed % roots.size()];
    const std::uint64_t mix = seed / roots.size() * 0x9E3779B97F4A7C15U;
    for (std::uint64_t& word : root_.words) word = (word ^ mix) * 0xD1342543DE82EF95U;
    for (std::uint64_t& word : root_.code) word ^= mix != 0 ? random_() : 0;
  }

  const Model& root() const { return root_; }

  Model child(const Model& parent) {
    double draw = std::uniform_real_distribution<>()(random_);
    const Step* step = kSteps.data();
    while (step + 1 != kSteps.data() + kSteps.size() && draw >= step->weight)
      draw -= (step++)->weight;
    const double kept =
        std::uniform_real_distribution<>(step->least_kept, step->most_kept)(random_);
    Model model = parent;
    std::bernoulli_distribution keep(kept);
    for (std::uint64_t& word : model.words) word = keep(random_) ? word : random_();
    for (std::uint64_t& word : model.code) word ^= some_bits(step->turned);
    std::ranges::sort(model.words);
    return model;
  }

  const Model& any_of(const std::vector<Model>& members) {
    return members[random_() % members.size()];
  }

 private:
  /// Each bit is set with that probability, in steps of 1/256.
  std::uint64_t some_bits(double probability) {
    std::uint64_t bits = 0;
    for (auto digits = static_cast<unsigned>(256 * probability), i = 0U; i < 8; ++i, digits >>= 1U)
      bits = digits % 2 == 1 ? bits | random_() : bits & random_();
    return bits;
  }

  std::mt19937_64 random_;
  Model root_;
};

[[noreturn]] void fail(const prov::Error& error) {
  std::fprintf(stderr, "many_models: %s\n", error.to_string().c_str());
  std::exit(2);
}

template <class T>
T take(Result<T> result) {
  if (!result) fail(result.error());
  return *std::move(result);
}

std::vector<std::byte> bytes_of(const Words& words) {
  std::vector<std::byte> bytes(words.size() * 8);
  std::memcpy(bytes.data(), words.data(), bytes.size());
  return bytes;
}

Model model_of(const prov::store::Store& store, std::int64_t key) {
  Model model;
  const auto record = take(store.read(key));
  model.words = record.words;
  if (const auto code = record.parts.find(prov::store::kCodePart); code != record.parts.end()) {
    model.code.resize(code->second.size() / 8);
    std::memcpy(model.code.data(), code->second.data(), model.code.size() * 8);
  }
  return model;
}

std::vector<Model> roots_in(const char* path) {
  const auto store = take(prov::store::Store::open(path, prov::store::Mode::read));
  std::vector<Model> roots;
  for (std::int64_t key = 1, last = take(store.last_key()); key <= last; ++key)
    roots.push_back(model_of(store, key));
  return roots;
}

void make(const char* path, std::size_t count, const std::vector<Model>& roots) {
  const auto store = take(prov::store::Store::open(path, prov::store::Mode::create));
  const auto begin_batch = [&] { return take(prov::store::Batch::begin(store)); };
  const auto commit = [](prov::store::Batch& batch) {
    if (const Result<void> done = batch.commit(); !done) fail(done.error());
  };
  std::optional<prov::store::Batch> batch(begin_batch());
  const std::size_t families = count / kModelsPerFamily + 1;
  double ranks = 0;
  for (std::size_t f = 1; f <= families; ++f) ranks += 1 / static_cast<double>(f);
  std::size_t made = 0;
  for (std::size_t f = 1; made < count; ++f) {
    Family family(f, roots);
    const double wanted = static_cast<double>(count) / (ranks * static_cast<double>(f));
    const std::size_t size = std::min(static_cast<std::size_t>(wanted) + 1, count - made);
    std::vector<Model> members;
    for (std::size_t i = 0; i < size; ++i, ++made) {
      Model model = i == 0 ? family.root() : family.child(family.any_of(members));
      if (members.size() < 2000) members.push_back(model);
      prov::store::Record record;
      record.id = "family-" + std::to_string(f) + "/model-" + std::to_string(i);
      record.family = "family-" + std::to_string(f);
      record.has_weights = true;
      record.parts["code"] = bytes_of(model.code);
      record.words = std::move(model.words);
      take(batch->add(record));
      if ((made + 1) % kModelsPerCommit != 0) continue;
      commit(*batch);
      batch.reset();
      batch.emplace(begin_batch());
    }
  }
  commit(*batch);
}

class Times {
 public:
  template <class Body>
  void add(Body body) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - begin;
    taken_.push_back(taken.count());
  }
  double at(double share) {
    std::ranges::sort(taken_);
    return taken_[static_cast<std::size_t>(share * static_cast<double>(taken_.size() - 1))];
  }

 private:
  std::vector<double> taken_;
};

void look(const char* path, std::size_t queries, std::size_t workers) {
  const auto store = take(prov::store::Store::open(path, prov::store::Mode::read));
  const auto models = static_cast<std::uint64_t>(take(store.last_key()));
  std::mt19937_64 random(99);
  Times by_words, by_code;
  std::size_t first = 0, among_ten = 0, stop_words = 0;
  std::uint64_t postings = 0;
  std::vector<prov::Error> damaged;
  for (std::size_t q = 0; q < queries; ++q) {
    const auto parent = static_cast<std::int64_t>(random() % models + 1);
    const Model query = Family(random(), {}).child(model_of(store, parent));
    prov::search::WordSearch found;
    std::vector<prov::search::CodeMatch> near;
    by_words.add(
        [&] { found = take(prov::search::find_by_words(store, query.words, {}, damaged)); });
    by_code.add([&] { near = take(prov::search::find_by_code(store, query.code, 10, workers)); });
    postings += found.read_postings;
    stop_words += found.stop_words;
    std::vector<std::int64_t> keys;
    for (std::size_t i = 0; i < std::min<std::size_t>(10, found.candidates.size()); ++i)
      keys.push_back(found.candidates[i].key);
    const bool first_by_words = !keys.empty() && keys[0] == parent;
    const bool first_by_code = !near.empty() && static_cast<std::int64_t>(near[0].id) == parent;
    first += first_by_words || first_by_code ? 1U : 0U;
    const bool near_by_code = std::ranges::any_of(
        near, [&](const auto& match) { return static_cast<std::int64_t>(match.id) == parent; });
    among_ten += std::ranges::find(keys, parent) != keys.end() || near_by_code ? 1U : 0U;
  }
  const auto share = [&](std::size_t part) {
    return 100 * static_cast<double>(part) / static_cast<double>(queries);
  };
  std::printf("%llu models, %zu queries, %zu workers\n", static_cast<unsigned long long>(models),
              queries, workers);
  std::printf(
      "by words: median %.1f ms, 95 %% %.1f ms, %.0f postings and %.1f stop words a query\n",
      by_words.at(.5), by_words.at(.95),
      static_cast<double>(postings) / static_cast<double>(queries),
      static_cast<double>(stop_words) / static_cast<double>(queries));
  std::printf("by code: median %.1f ms, 95 %% %.1f ms\n", by_code.at(.5), by_code.at(.95));
  std::printf("the parent came first by either: %.1f %%; among ten: %.1f %%\n", share(first),
              share(among_ten));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "make" && (argc == 4 || argc == 5)) {
    make(argv[2], std::strtoul(argv[3], nullptr, 10),
         argc == 5 ? roots_in(argv[4]) : std::vector<Model>());
  } else if (what == "look" && argc == 5) {
    look(argv[2], std::strtoul(argv[3], nullptr, 10), std::strtoul(argv[4], nullptr, 10));
  } else {
    return 4;
  }
}
