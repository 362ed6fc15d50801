// Each folder here holds hostile files of one format and a table of the refusals. A new file needs
// a row, no code.
#include "support/bad_files.hpp"

#include <gtest/gtest.h>

#include <span>

#include "base/try.hpp"
#include "fingerprint/fingerprint_codec.hpp"
#include "format/gguf.hpp"
#include "format/pytorch.hpp"
#include "format/safetensors.hpp"
#include "format/shard_index.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::tests {
namespace {

TEST(BadFiles, Safetensors) {
  expect_refusals("safetensors", [](const source::ByteSource& source) -> Result<void> {
    PROV_CHECK(format::read_safetensors(source));
    return {};
  });
}

TEST(BadFiles, Gguf) {
  expect_refusals("gguf", [](const source::ByteSource& source) -> Result<void> {
    PROV_CHECK(format::read_gguf(source));
    return {};
  });
}

TEST(BadFiles, Pytorch) {
  expect_refusals("pytorch", [](const source::ByteSource& source) -> Result<void> {
    PROV_CHECK(format::read_pytorch(source));
    return {};
  });
}

TEST(BadFiles, ShardIndex) {
  expect_refusals("shard_index", [](const source::ByteSource& source) -> Result<void> {
    PROV_CHECK(format::read_shard_index(source));
    return {};
  });
}

TEST(BadFiles, Fingerprint) {
  expect_refusals("fingerprint", [](const source::ByteSource& source) -> Result<void> {
    PROV_TRY(const std::string bytes, source::read_all(source, fingerprint::kLargestFingerprint));
    PROV_CHECK(fingerprint::decode_fingerprint(std::as_bytes(std::span(bytes)), source.name()));
    return {};
  });
}

TEST(BadFiles, Tokenizer) {
  expect_refusals("tokenizer", [](const source::ByteSource& source) -> Result<void> {
    PROV_TRY(const std::string bytes, source::read_all(source, model::kMaxTokenizerBytes));
    const std::string& name = source.name();
    PROV_CHECK(name.ends_with(".json")    ? model::parse_tokenizer_json(bytes, name)
               : name.ends_with(".model") ? model::parse_sentencepiece(bytes, name)
                                          : model::parse_tiktoken(bytes, name));
    return {};
  });
}

}  // namespace
}  // namespace prov::tests
