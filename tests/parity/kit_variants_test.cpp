// What transformers 5.5 builds from small tokenizer folders: 18 classes, 7 kinds of files, 10 kinds
// of settings.
#include <gtest/gtest.h>

#include <fstream>

#include "parity/golden_tokenizers.hpp"
#include "support/temp_folder.hpp"

namespace prov::tests {
namespace {

const std::string kData = PROV_REPOSITORY "/tests/parity/data/";

using Ids = std::vector<std::optional<std::int64_t>>;

Ids read_ids(const nlohmann::json& list) {
  Ids ids;
  for (const auto& id : list) {
    ids.push_back(id.is_null() ? std::nullopt
                               : std::optional<std::int64_t>(id.get<std::int64_t>()));
  }
  return ids;
}

void write_case(const TempFolder& folder, const nlohmann::json& files, nlohmann::json settings,
                const std::string& tokenizer_class) {
  settings["config.json"] = {{"model_type", "llama"}};
  settings["tokenizer_config.json"]["tokenizer_class"] = tokenizer_class;
  for (const auto& [name, value] : settings.items()) folder.write(name, value.dump());
  for (const auto& [name, origin] : files.items()) {
    std::filesystem::copy_file(kData + origin.get<std::string>(), folder.path() / name);
  }
}

TEST(KitVariants, class_hash_and_ids) {
  std::ifstream stream(kData + "kit_variants.json");
  const auto golden = nlohmann::json::parse(stream);
  ASSERT_EQ(golden.at("cases").size(), 1077u);
  for (const auto& entry : golden.at("cases")) {
    const auto [source, tokenizer_class, settings] =
        std::array<std::string, 3>{entry.at(0), entry.at(1), entry.at(2)};
    SCOPED_TRACE(source + " " + tokenizer_class + " " + settings);
    const TempFolder folder;
    write_case(folder, golden.at("sources").at(source), golden.at("settings").at(settings),
               tokenizer_class);
    const auto kit = kit_tokenizer(folder.string());
    EXPECT_EQ(nlohmann::json(kit.class_name), entry.at(3));
    EXPECT_EQ(nlohmann::json(kit.hash.substr(0, 16)), entry.at(4));
    const Ids ids{kit.bos_token_id, kit.eos_token_id, kit.pad_token_id, kit.unk_token_id,
                  kit.mask_token_id};
    EXPECT_EQ(ids, read_ids(entry.at(5)));
    EXPECT_EQ(nlohmann::json(kit.special_tokens.size()), entry.at(6));
  }
}

}  // namespace
}  // namespace prov::tests
