// Small models and the GGUF files that llama.cpp's converter makes of them: equal weights, and to
// the published kit's signals the same tensors.
#include <nlohmann/json.hpp>

#include "model/model.hpp"
#include "peers/expected_tensors.hpp"
#include "signals/kit_tensors.hpp"

namespace prov::peers {
namespace {

class PeersLlamaCpp : public testing::TestWithParam<const char*> {
 protected:
  model::Checkpoint source_ = opened(kPeers / "llama_cpp" / GetParam() / "source");
  model::Checkpoint gguf_ = opened(kPeers / "llama_cpp" / GetParam() / "model.gguf");
};

TEST_P(PeersLlamaCpp, WeightsAreThoseOfTheSource) {
  EXPECT_EQ(gguf_.tensors.size(), source_.tensors.size());
  for (const model::Tensor& tensor : source_.tensors) {
    SCOPED_TRACE(tensor.info.name);
    const model::Tensor* const found = gguf_.find(tensor.info.name);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->info.shape, tensor.info.shape);
    EXPECT_EQ(found->role, tensor.role);
    EXPECT_EQ(values_of(gguf_, *found), values_of(source_, tensor));
  }
}

TEST_P(PeersLlamaCpp, TheKitsSignalsSeeTheSameTensors) {
  const auto of_source = signals::kit_tensors(source_), of_gguf = signals::kit_tensors(gguf_);
  ASSERT_EQ(of_source.size(), of_gguf.size());
  for (std::size_t i = 0; i < of_source.size(); ++i) {
    EXPECT_EQ(of_gguf[i]->info.name, of_source[i]->info.name);
    EXPECT_EQ(of_gguf[i]->info.shape, of_source[i]->info.shape);
    EXPECT_EQ(values_of(gguf_, *of_gguf[i]), values_of(source_, *of_source[i]));
  }
}

TEST(PeersLlamaCppConfig, LatentAttentionHasItsOwnSizes) {
  const std::string folder = (kPeers / "llama_cpp/deepseek").string();
  const auto source = model::open_model(folder + "/source");
  const auto gguf = model::open_model(folder + "/model.gguf");
  ASSERT_TRUE(source && gguf);
  const auto expected = nlohmann::json::parse(*source->config_text);
  const auto found = nlohmann::json::parse(*gguf->config_text);
  for (const char* key : {"num_key_value_heads", "qk_rope_head_dim", "qk_nope_head_dim",
                          "v_head_dim", "kv_lora_rank", "q_lora_rank", "hidden_size"})
    EXPECT_EQ(found[key], expected[key]) << key;
}

INSTANTIATE_TEST_SUITE_P(Models, PeersLlamaCpp, testing::Values("deepseek", "gpt2"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace prov::peers
