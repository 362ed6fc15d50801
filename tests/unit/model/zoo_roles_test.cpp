// Every tensor of the trained models at hand has a role, and no two weights of a model share one.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "model/checkpoint.hpp"

namespace prov::model {
namespace {

std::vector<std::filesystem::path> model_folders(const std::filesystem::path& zoo) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(zoo)) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  return folders;
}

void expect_roles(const std::filesystem::path& folder) {
  const auto snapshot = source::locate(folder.string());
  ASSERT_TRUE(snapshot) << folder;
  const auto checkpoint = open_checkpoint(*snapshot);
  ASSERT_TRUE(checkpoint) << folder << ": " << checkpoint.error().to_string();
  EXPECT_FALSE(checkpoint->tensors.empty()) << folder;
  std::map<Role, std::string> owner;
  for (const Tensor& tensor : checkpoint->tensors) {
    if (tensor.info.name.find(".lora_") != std::string::npos) continue;  // adapters have no roles
    EXPECT_NE(tensor.role.kind, RoleKind::unknown) << folder << ": " << tensor.info.name;
    const auto [other, added] = owner.emplace(tensor.role, tensor.info.name);
    EXPECT_TRUE(added || tensor.role.parameter == Parameter::other)
        << folder << ": " << tensor.info.name << " and " << other->second;
  }
}

TEST(ZooRoles, EveryTensorOfTheRepositorysModels) {
  const auto folders = model_folders(PROV_REPOSITORY "/tests/zoo");
  EXPECT_GE(folders.size(), 4u);
  for (const auto& folder : folders) expect_roles(folder);
}

#ifdef PROV_ROLES_SHARED_ZOO
TEST(ZooRoles, EveryTensorOfTheSharedZoo) {
  const auto folders = model_folders(PROV_ROLES_SHARED_ZOO);
  EXPECT_GE(folders.size(), 25u);
  for (const auto& folder : folders) expect_roles(folder);
}
#endif

}  // namespace
}  // namespace prov::model
