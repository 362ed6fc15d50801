#include "model/role.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "model/assign_roles.hpp"
#include "model/role_table.hpp"

namespace prov::model {
namespace {

struct Case {
  Tensor tensor;
  std::string expected;
};

/// Parses "name @ 2x3 -> role" lines; sections in order.
std::vector<std::pair<std::string, std::vector<Case>>> read_cases() {
  std::ifstream file(PROV_REPOSITORY "/tests/unit/model/role_cases.txt");
  std::vector<std::pair<std::string, std::vector<Case>>> sections;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with("# ")) continue;
    if (line.front() == '[') {
      sections.emplace_back(line, std::vector<Case>{});
      continue;
    }
    const std::size_t arrow = line.find(" -> ");
    std::string name = line.substr(0, arrow);
    Case entry{{}, line.substr(arrow + 4)};
    if (const std::size_t at = name.find(" @ "); at != std::string::npos) {
      std::istringstream shape(name.substr(at + 3));
      for (std::string extent; std::getline(shape, extent, 'x');) {
        entry.tensor.info.shape.push_back(std::stoull(extent));
      }
      name.resize(at);
    }
    entry.tensor.info.name = name;
    sections.back().second.push_back(std::move(entry));
  }
  return sections;
}

std::string describe(const Role& role) {
  std::string text = role_name(role);
  const auto append = [&text](std::string_view layout) {
    const std::size_t tower = text.find(" (");
    text.insert(tower == std::string::npos ? text.size() : tower, ", " + std::string(layout));
  };
  switch (role.layout) {
    case Layout::plain:
      break;
    case Layout::transposed:
      append("transposed");
      break;
    case Layout::stacked:
      append("stacked");
      break;
    case Layout::stacked_transposed:
      append("stacked_transposed");
      break;
    case Layout::interleaved:
      append("interleaved");
      break;
  }
  return text;
}

TEST(Role, EveryFamilyGetsTheRolesOfItsNames) {
  const auto sections = read_cases();
  ASSERT_GE(sections.size(), 60u);
  for (const auto& [title, cases] : sections) {
    std::vector<Tensor> tensors;
    for (const Case& entry : cases) tensors.push_back(entry.tensor);
    assign_roles(tensors);
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EXPECT_EQ(describe(tensors[i].role), cases[i].expected)
          << title << ' ' << tensors[i].info.name;
    }
  }
}

TEST(Role, WeightsAndBiasesOfOneCheckpointHaveTheirOwnRoles) {
  for (const auto& [title, cases] : read_cases()) {
    std::vector<Tensor> tensors;
    for (const Case& entry : cases) tensors.push_back(entry.tensor);
    assign_roles(tensors);
    std::map<Role, std::string> owner;
    for (const Tensor& tensor : tensors) {
      if (tensor.role.kind == RoleKind::unknown || tensor.role.parameter == Parameter::other)
        continue;
      const auto [other, added] = owner.emplace(tensor.role, tensor.info.name);
      EXPECT_TRUE(added) << title << ' ' << tensor.info.name << " and " << other->second;
    }
  }
}

TEST(Role, NoPatternIsWrittenTwice) {
  std::set<std::string_view> patterns;
  for (const NamingFamily& family : naming_families()) {
    for (const RoleRule& rule : family.rules) {
      EXPECT_TRUE(patterns.insert(rule.pattern).second) << family.name << ": " << rule.pattern;
    }
  }
}

TEST(Role, KindNamesAreDistinct) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(RoleKind::projector_norm); ++kind) {
    EXPECT_TRUE(names.insert(role_kind_name(static_cast<RoleKind>(kind))).second) << kind;
  }
}

TEST(Role, NamesAreStable) {
  EXPECT_EQ(role_name({}), "unknown");
  EXPECT_EQ(role_name({.kind = RoleKind::gate, .layer = 3}), "layer 3 gate");
  EXPECT_EQ(role_name({.kind = RoleKind::down, .tower = Tower::vision, .layer = 0, .expert = 2}),
            "layer 0 expert 2 down (vision)");
  EXPECT_EQ(role_name({.kind = RoleKind::token_embedding, .parameter = Parameter::bias}),
            "token embedding bias");
}

}  // namespace
}  // namespace prov::model
