// A database of some records, a few of whose bytes were changed: it is opened, verified, searched
// and changed. Each step gives an answer, or an error that can be printed.
//
// Input: edits. Each is 4 bytes for the place (least significant first, modulo the size of the
// file), 1 for the length (modulo 16, plus 1), and the new bytes.
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "base/printable.hpp"
#include "search/code_candidates.hpp"
#include "search/word_candidates.hpp"
#include "store/batch.hpp"
#include "store/verify.hpp"

namespace {

namespace fs = std::filesystem;
using prov::Result;
using Words = std::vector<std::uint64_t>;

constexpr unsigned kRecords = 12;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void expect_printable(const prov::Error& error) {
  require(!error.message.empty());
  const std::string text = error.to_string();
  require(prov::base::printable(text) == text);
}

/// The value, or nothing.
template <class T>
void look_at(const Result<T>& result) {
  if (!result) expect_printable(result.error());
}

prov::store::Record record_of(unsigned number) {
  std::mt19937_64 random(number);
  prov::store::Record record;
  record.id = "org/model-" + std::to_string(number);
  record.publisher = "org";
  record.content_key = std::string(64, static_cast<char>('0' + number % 10));
  record.has_weights = true;
  Words code(8);
  for (std::uint64_t& word : code) word = random();
  std::vector<std::byte>& bytes = record.parts["code"];
  bytes.resize(code.size() * sizeof(std::uint64_t));
  std::memcpy(bytes.data(), code.data(), bytes.size());
  for (std::size_t i = 0; i < 12; ++i) record.words.push_back(i < 4 ? i : random());
  // As in real sketches: parts that repeat the words and the code.
  std::vector<std::byte> sketch = prov::store::encode_words(record.words);
  sketch.insert(sketch.end(), bytes.begin(), bytes.end());
  sketch.resize(number == 7 ? 9000 : sketch.size() + 16);
  record.parts["sketch"] = std::move(sketch);
  return record;
}

/// A folder of this process, with what an intact database holds.
class Workplace {
 public:
  Workplace() : folder_((fs::temp_directory_path() / "fuzz-database-XXXXXX").string()) {
    require(mkdtemp(folder_.data()) != nullptr);
    {
      const auto store = prov::store::Store::open(file(), prov::store::Mode::create);
      require(store.has_value());
      auto batch = prov::store::Batch::begin(*store);
      require(batch.has_value());
      for (unsigned i = 0; i < kRecords; ++i) require(batch->add(record_of(i)).has_value());
      require(batch->commit().has_value());
    }
    std::ifstream in(file(), std::ios::binary);
    intact_.assign(std::istreambuf_iterator<char>(in), {});
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace() { fs::remove_all(folder_); }

  std::string file() const { return folder_ + "/models.db"; }

  void put_edited(std::span<const std::uint8_t> edits) const {
    std::vector<char> bytes = intact_;
    while (edits.size() > 5) {
      std::size_t place = 0;
      for (std::size_t i = 0; i < 4; ++i) place |= std::size_t{edits[i]} << (8 * i);
      const std::size_t length = std::min<std::size_t>(edits[4] % 16U + 1U, edits.size() - 5);
      for (std::size_t i = 0; i < length; ++i)
        bytes[(place + i) % bytes.size()] = static_cast<char>(edits[5 + i]);
      edits = edits.subspan(5 + length);
    }
    for (const char* beside : {"-wal", "-shm", "-journal"}) fs::remove(file() + beside);
    std::ofstream(file(), std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

 private:
  std::string folder_;
  std::vector<char> intact_;
};

void read_all(const prov::store::Store& store) {
  look_at(prov::store::verify(store));
  look_at(store.count());
  look_at(store.facts(""));
  look_at(store.for_each({}, [&](const Result<prov::store::RecordSummary>& record) {
    look_at(record);
    if (record) look_at(store.read(record->key));
    return Result<bool>(true);
  }));
}

void search(const prov::store::Store& store) {
  std::vector<prov::Error> damaged;
  for (const unsigned number : {0U, kRecords / 2}) {
    const prov::store::Record query = record_of(number);
    look_at(prov::search::find_by_words(store, query.words, {}, damaged));
    Words code(8);
    std::memcpy(code.data(), query.parts.at("code").data(), 64);
    const auto near = prov::search::find_by_code(store, code, 5, 1);
    look_at(near);
    require(!near || near->size() <= 5);
  }
  for (const prov::Error& error : damaged) expect_printable(error);
}

void change(const prov::store::Store& store) {
  look_at(prov::store::add(store, record_of(kRecords)));
  look_at(prov::store::add(store, record_of(3), prov::store::Existing::replace));
  look_at(prov::store::remove(store, record_of(5).id));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Workplace place;
  place.put_edited(std::span(data, size));
  {
    const auto store = prov::store::Store::open(place.file(), prov::store::Mode::read);
    look_at(store);
    if (!store) return 0;
    read_all(*store);
    search(*store);
  }
  const auto store = prov::store::Store::open(place.file(), prov::store::Mode::write);
  look_at(store);
  if (!store) return 0;
  change(*store);
  read_all(*store);
  search(*store);
  return 0;
}
