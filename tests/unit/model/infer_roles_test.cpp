#include "model/infer_roles.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "model/role_alias.hpp"

namespace prov::model {
namespace {

using Shape = std::vector<std::uint64_t>;

std::vector<Tensor> tensors_of(std::vector<std::pair<std::string, Shape>> names) {
  std::vector<Tensor> tensors;
  for (auto& [name, shape] : names) {
    Tensor tensor;
    tensor.info.name = std::move(name);
    tensor.info.shape = std::move(shape);
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

const Role& role_in(const std::vector<Tensor>& tensors, const std::string& name) {
  for (const Tensor& tensor : tensors) {
    if (tensor.info.name == name) return tensor.role;
  }
  ADD_FAILURE() << name;
  return tensors.front().role;
}

std::vector<Tensor> renamed_llama() {
  std::vector<std::pair<std::string, Shape>> names = {{"wte", {100, 8}},
                                                      {"unembed.weight", {100, 8}}};
  for (int layer = 0; layer < 2; ++layer) {
    const std::string at = "net.blocks." + std::to_string(layer) + ".";
    names.insert(names.end(), {{at + "attn.wq.weight", {8, 8}},
                               {at + "attn.wk.weight", {4, 8}},
                               {at + "attn.wv.weight", {4, 8}},
                               {at + "attn.wo.weight", {8, 8}},
                               {at + "ffn.gate.weight", {24, 8}},
                               {at + "ffn.up.weight", {24, 8}},
                               {at + "ffn.down.weight", {8, 24}},
                               {at + "attn_norm.weight", {8}},
                               {at + "ffn_norm.weight", {8}}});
  }
  return tensors_of(std::move(names));
}

TEST(InferRoles, ReadWordsThatNoRuleKnows) {
  std::vector<Tensor> tensors = renamed_llama();
  EXPECT_EQ(infer_roles_from_words(tensors), tensors.size());
  EXPECT_EQ(role_name(role_in(tensors, "net.blocks.1.attn.wk.weight")), "layer 1 key");
  EXPECT_EQ(role_name(role_in(tensors, "net.blocks.0.attn.wo.weight")), "layer 0 attention output");
  EXPECT_EQ(role_name(role_in(tensors, "net.blocks.1.ffn.down.weight")), "layer 1 down");
  EXPECT_EQ(role_name(role_in(tensors, "net.blocks.1.ffn_norm.weight")), "layer 1 mlp norm");
  EXPECT_EQ(role_name(role_in(tensors, "wte")), "token embedding");
  EXPECT_EQ(role_name(role_in(tensors, "unembed.weight")), "output head");
}

TEST(InferRoles, NeverTouchWhatARuleExplains) {
  std::vector<Tensor> tensors = renamed_llama();
  tensors[2].role = {.kind = RoleKind::up, .layer = 0};  // a rule's word, however strange
  EXPECT_EQ(infer_roles_from_words(tensors), 0U);
  EXPECT_EQ(role_in(tensors, "wte").kind, RoleKind::unknown);
}

TEST(InferRoles, HoldWordsAgainstShapes) {
  std::vector<Tensor> tensors = renamed_llama();
  for (Tensor& tensor : tensors) {
    if (tensor.info.name.ends_with("ffn.down.weight")) tensor.info.shape = {24, 8};
    if (tensor.info.name == "net.blocks.1.attn.wq.weight") tensor.info.shape = {16, 8};
  }
  infer_roles_from_words(tensors);
  // A `down` that reads the stream: the names of this MLP mislead.
  for (const char* part : {"gate", "up", "down"})
    EXPECT_EQ(role_in(tensors, "net.blocks.0.ffn." + std::string(part) + ".weight").kind,
              RoleKind::unknown);
  // One name of two shapes.
  EXPECT_EQ(role_in(tensors, "net.blocks.0.attn.wq.weight").kind, RoleKind::unknown);
  EXPECT_EQ(role_in(tensors, "net.blocks.0.attn.wk.weight").kind, RoleKind::key);
}

TEST(InferRoles, LeaveARoleThatTwoNamesAskForOpen) {
  std::vector<Tensor> tensors = renamed_llama();
  auto more = tensors_of({{"net.blocks.0.attn.query.weight", {8, 8}}});
  tensors.push_back(more.front());
  infer_roles_from_words(tensors);
  EXPECT_EQ(role_in(tensors, "net.blocks.0.attn.query.weight").kind, RoleKind::unknown);
  EXPECT_EQ(role_in(tensors, "net.blocks.0.attn.wq.weight").kind, RoleKind::unknown);
}

TEST(InferRoles, ReadAnMlpWithoutAGateAndConv1d) {
  auto tensors = tensors_of({{"embed", {100, 8}},
                             {"block_0/mlp/w1", {8, 24}},
                             {"block_0/mlp/w2", {24, 8}},
                             {"block_1/mlp/w1", {8, 24}},
                             {"block_1/mlp/w2", {24, 8}}});
  EXPECT_EQ(infer_roles_from_words(tensors), 5U);
  EXPECT_EQ(role_in(tensors, "block_1/mlp/w1").kind, RoleKind::up);
  EXPECT_EQ(role_in(tensors, "block_1/mlp/w1").layout, Layout::transposed);
  EXPECT_EQ(role_in(tensors, "block_1/mlp/w2").kind, RoleKind::down);
}

TEST(SuggestRole, IsSilentAboutAdaptersTowersAndTwoNumbers) {
  EXPECT_FALSE(suggest_role("blocks.0.attn.wq.lora_A.weight", 2));
  EXPECT_FALSE(suggest_role("vision.blocks.0.attn.wq.weight", 2));
  EXPECT_FALSE(suggest_role("stage.1.blocks.0.attn.wq.weight", 2));
  EXPECT_FALSE(suggest_role("blocks.0.attn.wq.qweight", 2));
  EXPECT_FALSE(suggest_role("blocks.0.attn.wq.weight", 1));
  EXPECT_FALSE(suggest_role("blocks.0.a", 2));
  EXPECT_FALSE(suggest_role("", 2));
  EXPECT_FALSE(suggest_role("..", 2));
  EXPECT_TRUE(suggest_role("blocks.0.attn.wq", 2));
}

}  // namespace
}  // namespace prov::model
