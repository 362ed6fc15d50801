// The kit's tokenizer hash, class and feature vector, exactly, for models that the repository
// carries.
#include <gtest/gtest.h>

#include "parity/golden_tokenizers.hpp"

namespace prov::tests {
namespace {

const std::string kData = PROV_REPOSITORY "/tests/parity/data/";

TEST(TokenizerParity, models_of_the_repository) {
  const auto golden = golden_models(kData + "tokenizers.json");
  ASSERT_EQ(golden.size(), 9u);
  for (const auto& [name, record] : golden.items()) {
    const std::string folder = record.at("folder").get<std::string>();
    expect_golden_tokenizer(name, kit_tokenizer(PROV_REPOSITORY "/tests/" + folder), record);
  }
}

}  // namespace
}  // namespace prov::tests
