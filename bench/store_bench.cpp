// A database of made-up records (sketches of 4 KiB, 512 random words each): time to add, to open,
// to look words up and to list, and bytes a record.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <map>
#include <memory>
#include <random>

#include "search/word_candidates.hpp"
#include "store/transfer.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;

Record made_up(std::uint64_t number) {
  std::mt19937_64 random(number);
  Record record;
  record.id = "org/model-" + std::to_string(number);
  record.publisher = "org-" + std::to_string(number % 100);
  record.architecture = "LlamaForCausalLM";
  record.has_weights = true;
  record.parts["sketch"].resize(4096);
  for (std::byte& byte : record.parts["sketch"]) byte = static_cast<std::byte>(random());
  for (int i = 0; i < 512; ++i) record.words.push_back(random());
  return record;
}

/// One database a size, made at its first use, gone at the end of the program.
class MadeUpDatabase {
 public:
  explicit MadeUpDatabase(std::uint64_t records)
      : folder_(fs::temp_directory_path() / ("store_bench-" + std::to_string(records))) {
    fs::remove_all(folder_);
    const Store store = *Store::open(path(), Mode::create);
    for (std::uint64_t number = 0; number < records;) {
      Batch batch = *Batch::begin(store);
      for (int i = 0; i < 500 && number < records; ++i, ++number)
        static_cast<void>(batch.add(made_up(number)));
      static_cast<void>(batch.commit());
    }
  }
  ~MadeUpDatabase() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  fs::path path() const { return folder_ / "models.db"; }

  static const MadeUpDatabase& of(std::uint64_t records) {
    static std::map<std::uint64_t, std::unique_ptr<MadeUpDatabase>> made;
    auto& database = made[records];
    if (!database) database = std::make_unique<MadeUpDatabase>(records);
    return *database;
  }

 private:
  fs::path folder_;
};

void add_in_batches(benchmark::State& state) {
  const fs::path folder = fs::temp_directory_path() / "store_bench-add";
  std::int64_t records = 0;
  std::uint64_t number = 0;
  fs::remove_all(folder);
  {
    const Store store = *Store::open(folder / "models.db", Mode::create);
    for (auto _ : state) {
      Batch batch = *Batch::begin(store);
      for (int i = 0; i < 500; ++i) static_cast<void>(batch.add(made_up(number++)));
      static_cast<void>(batch.commit());
      records += 500;
    }
  }
  state.SetItemsProcessed(records);
  state.counters["bytes_a_record"] =
      static_cast<double>(fs::file_size(folder / "models.db")) / static_cast<double>(records);
  fs::remove_all(folder);
}
BENCHMARK(add_in_batches)->Unit(benchmark::kMillisecond)->UseRealTime();

void open_and_look_words_up(benchmark::State& state) {
  const MadeUpDatabase& database = MadeUpDatabase::of(static_cast<std::uint64_t>(state.range(0)));
  const Record asked = made_up(17);
  for (auto _ : state) {
    const Store store = *Store::open(database.path(), Mode::read);
    std::vector<Error> damaged;
    const search::WordSearch found = *search::find_by_words(store, asked.words, {}, damaged);
    if (found.candidates.empty() || found.candidates[0].shared_words != 512)
      state.SkipWithError("not found");
  }
}
BENCHMARK(open_and_look_words_up)
    ->Arg(152)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void list_all(benchmark::State& state) {
  const MadeUpDatabase& database = MadeUpDatabase::of(static_cast<std::uint64_t>(state.range(0)));
  const Store store = *Store::open(database.path(), Mode::read);
  for (auto _ : state) {
    static_cast<void>(store.for_each({}, [](const auto&) -> Result<bool> { return true; }));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(list_all)->Arg(10'000)->Unit(benchmark::kMillisecond)->UseRealTime();

void sketches_of_all(benchmark::State& state) {
  const MadeUpDatabase& database = MadeUpDatabase::of(static_cast<std::uint64_t>(state.range(0)));
  const Store store = *Store::open(database.path(), Mode::read);
  for (auto _ : state) {
    static_cast<void>(store.for_each_part(
        "sketch", [](std::int64_t, const auto&) -> Result<bool> { return true; }));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sketches_of_all)->Arg(10'000)->Unit(benchmark::kMillisecond)->UseRealTime();

void export_compact(benchmark::State& state) {
  const MadeUpDatabase& database = MadeUpDatabase::of(static_cast<std::uint64_t>(state.range(0)));
  const Store store = *Store::open(database.path(), Mode::read);
  const fs::path copy = database.path().string() + ".copy";
  for (auto _ : state) {
    fs::remove(copy);
    if (!export_database(store, copy, {}, {})) state.SkipWithError("failed");
  }
  state.counters["bytes_a_record"] =
      static_cast<double>(fs::file_size(copy)) / static_cast<double>(state.range(0));
  fs::remove(copy);
}
BENCHMARK(export_compact)->Arg(1'000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace prov::store
