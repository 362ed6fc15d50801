#include "store/fingerprint_record.hpp"

#include <gtest/gtest.h>

#include "provenancekit/fingerprint.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

std::vector<std::byte> fingerprint_of(const std::string& model) {
  return fingerprint_model(std::string(PROV_REPOSITORY) + "/tests/zoo/" + model).value().file;
}

TEST(FingerprintRecord, ComesBackAsItWas) {
  const std::vector<std::byte> file = fingerprint_of("qwen-a");
  const Record record = record_of_fingerprint(file, "org/qwen-a", "qwen-a.fp").value();
  EXPECT_EQ(record.id, "org/qwen-a");
  EXPECT_EQ(record.architecture, "Qwen2ForCausalLM");
  EXPECT_EQ(record.content_key.size(), 64U);
  EXPECT_TRUE(record.has_weights);

  const tests::TempFolder folder;
  const Store store = test::open_store(folder.path() / "models.db");
  ASSERT_TRUE(add(store, record).has_value());
  const fingerprint::FingerprintFile whole = fingerprint::decode_fingerprint(file, "file").value();
  const fingerprint::FingerprintFile kept = fingerprint_of_record(store, 1).value();
  EXPECT_EQ(kept.sketch, whole.sketch);
  EXPECT_EQ(kept.standard, whole.standard);
  EXPECT_EQ(record.words, whole.sketch->words);
  EXPECT_EQ(store.keys_of_content(content_key_of(whole.sketch->weights)).value(),
            std::vector<std::int64_t>{1});
}

TEST(FingerprintRecord, EqualWeightsHaveOneContentKeyOthersNot) {
  const auto key = [](const std::string& model) {
    return record_of_fingerprint(fingerprint_of(model), "x", model).value().content_key;
  };
  EXPECT_EQ(key("gpt2-a"), key("gpt2-a"));
  EXPECT_NE(key("gpt2-a"), key("gpt2-a-sft"));
}

TEST(FingerprintRecord, IsNotMadeOfOtherFiles) {
  const Result<Record> record =
      record_of_fingerprint(base::as_byte_span("no fingerprint"), "x", "x.fp");
  ASSERT_FALSE(record.has_value());
  EXPECT_NE(record.error().to_string().find("x.fp"), std::string::npos);
}

}  // namespace
}  // namespace prov::store
