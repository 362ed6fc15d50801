#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <stdexcept>

#include "store/batch.hpp"
#include "store/word_index.hpp"
#include "support/temp_folder.hpp"

namespace prov::store::test {

/// A record as a model with weights has it; different for each number.
inline Record sample_record(unsigned number, std::size_t sketch_bytes = 4000,
                            std::size_t word_count = 40) {
  std::mt19937_64 random(number);
  Record record;
  record.id = "org/model-" + std::to_string(number);
  record.publisher = number % 2 == 0 ? "even" : "odd";
  record.family = "family-" + std::to_string(number % 3);
  record.architecture = "LlamaForCausalLM";
  record.source = "hf:org/model-" + std::to_string(number);
  record.revision = "main";
  record.licence = "apache-2.0";
  record.metadata_json = R"({"layers": 24})";
  record.content_key = base::hex(base::sha256(base::as_byte_span(record.id)));
  record.has_weights = true;
  for (std::byte& byte : record.parts["sketch"] = std::vector<std::byte>(sketch_bytes))
    byte = static_cast<std::byte>(random());
  record.parts["signals"] = {std::byte{'{'}, std::byte{'}'}};
  record.parts["empty"] = {};
  for (std::size_t i = 0; i < word_count; ++i) record.words.push_back(random());
  std::ranges::sort(record.words);
  return record;
}

inline Store open_store(const std::filesystem::path& path, Mode mode = Mode::create) {
  Result<Store> store = Store::open(path, mode);
  if (!store) throw std::runtime_error(store.error().to_string());
  return *std::move(store);
}

/// Everything in the word index, ascending; a damaged block is a test failure.
inline std::vector<Posting> indexed(const Store& store) {
  std::vector<Posting> all;
  const Result<void> read =
      visit_postings(store.database(), [&](const auto& block) -> Result<void> {
        if (!block) return block.error();
        all.insert(all.end(), block->begin(), block->end());
        return {};
      });
  EXPECT_TRUE(read.has_value()) << read.error().to_string();
  std::ranges::sort(all);
  return all;
}

/// All records, or a test failure.
inline std::vector<std::string> ids(const Store& store, const RecordFilter& filter = {}) {
  std::vector<std::string> found;
  const Result<void> all =
      store.for_each(filter, [&](const Result<RecordSummary>& record) -> Result<bool> {
        if (!record) return record.error();
        found.push_back(record->id);
        return true;
      });
  EXPECT_TRUE(all.has_value()) << all.error().to_string();
  return found;
}

}  // namespace prov::store::test
