#include "signals/parameter_estimate.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace prov::signals {
namespace {

MfiRecord llama() {
  MfiRecord r;
  r.model_type = "llama";
  r.hidden_size = 64;
  r.num_hidden_layers = 4;
  r.num_attention_heads = 4;
  r.num_key_value_heads = 2;
  r.head_dim = 16;
  r.intermediate_size = 96;
  r.vocab_size = 300;
  r.tie_word_embeddings = false;
  return r;
}

TEST(ParameterEstimate, AddsUpTheDimensions) {
  // 300*64 + 4 * (64*16*(4+4) + 4*16*64 + 3*64*96) + 300*64
  EXPECT_EQ(estimated_parameters(llama()), 2 * 19200 + 4 * (8192 + 4096 + 18432));
}

TEST(ParameterEstimate, FillsInWhatIsMissing) {
  MfiRecord r = llama();
  r.model_type = "gpt2";
  r.num_key_value_heads = 0;  // as many as query heads
  r.head_dim.reset();         // 64 / 4
  r.intermediate_size = 0;    // 4 * 64
  r.tie_word_embeddings.reset();
  EXPECT_EQ(estimated_parameters(r), 19200 + 4 * (64 * 16 * 12 + 4096 + 2 * 64 * 256));
  r.num_attention_heads = 0;  // then a head is as wide as the model, and there is none
  EXPECT_EQ(estimated_parameters(r), 19200 + 4 * (2 * 64 * 256));
}

TEST(ParameterEstimate, CountsThreeMatricesWhereTheMlpIsGated) {
  MfiRecord r = llama();
  r.model_type = "other";
  const double two = estimated_parameters(r);
  r.hidden_act = "SiLU";
  EXPECT_EQ(estimated_parameters(r), two + 4 * 64 * 96);
  r.hidden_act = "gelu";
  r.model_type = "Gemma3_text";
  EXPECT_EQ(estimated_parameters(r), two + 4 * 64 * 96);
}

TEST(ParameterEstimate, SurvivesAbsurdNumbers) {
  MfiRecord r = llama();
  r.hidden_size = std::numeric_limits<std::int64_t>::min();
  r.num_attention_heads = -1;
  r.head_dim.reset();
  EXPECT_EQ(parameter_bucket(estimated_parameters(r)).empty(), false);
}

TEST(ParameterBucket, HasItsLimitsInTheUpperOne) {
  EXPECT_EQ(parameter_bucket(0), "<=1B");
  EXPECT_EQ(parameter_bucket(999'999'999), "<=1B");
  EXPECT_EQ(parameter_bucket(1e9), "1-10B");
  EXPECT_EQ(parameter_bucket(1e10), "10-40B");
  EXPECT_EQ(parameter_bucket(4e10), "40B+");
  EXPECT_EQ(parameter_bucket(std::numeric_limits<double>::infinity()), "40B+");
}

TEST(ParameterBucket, IsNearItselfAndItsNeighbours) {
  EXPECT_TRUE(are_near_buckets("<=1B", "<=1B"));
  EXPECT_TRUE(are_near_buckets("<=1B", "1-10B"));
  EXPECT_TRUE(are_near_buckets("40B+", "10-40B"));
  EXPECT_FALSE(are_near_buckets("<=1B", "10-40B"));
  EXPECT_FALSE(are_near_buckets("<=1B", ""));
  EXPECT_FALSE(are_near_buckets("huge", "huge"));
}

}  // namespace
}  // namespace prov::signals
