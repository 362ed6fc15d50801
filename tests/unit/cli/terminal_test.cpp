#include "cli/terminal.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace prov::cli {
namespace {

Environment environment(std::vector<const char*> entries) {
  entries.push_back(nullptr);
  return Environment(entries.data());
}

bool automatic(bool is_terminal, std::vector<const char*> entries) {
  return wants_colour(ColourChoice::automatic, is_terminal, environment(std::move(entries)));
}

TEST(Terminal, ColoursATerminalOnly) {
  EXPECT_TRUE(automatic(true, {"TERM=xterm"}));
  EXPECT_FALSE(automatic(false, {"TERM=xterm"}));
  EXPECT_FALSE(automatic(true, {"TERM=dumb"}));
  EXPECT_FALSE(automatic(true, {}));
}

TEST(Terminal, HonoursTheUsualVariables) {
  EXPECT_FALSE(automatic(true, {"TERM=xterm", "NO_COLOR=1"}));
  EXPECT_TRUE(automatic(true, {"TERM=xterm", "NO_COLOR="}));
  EXPECT_TRUE(automatic(false, {"CLICOLOR_FORCE=1"}));
  EXPECT_TRUE(automatic(false, {"FORCE_COLOR=1"}));
  EXPECT_FALSE(automatic(false, {"FORCE_COLOR=0"}));
  EXPECT_FALSE(automatic(true, {"TERM=xterm", "CLICOLOR=0"}));
  EXPECT_FALSE(automatic(false, {"FORCE_COLOR=1", "NO_COLOR=1"}));
}

TEST(Terminal, TheOptionOutweighsTheEnvironment) {
  EXPECT_TRUE(wants_colour(ColourChoice::always, false, environment({"NO_COLOR=1", "TERM=dumb"})));
  EXPECT_FALSE(
      wants_colour(ColourChoice::never, true, environment({"FORCE_COLOR=1", "TERM=xterm"})));
}

TEST(Terminal, ReadsColumns) {
  EXPECT_EQ(terminal_columns(-1, environment({"COLUMNS=64"})), 64u);
  EXPECT_EQ(terminal_columns(-1, environment({"COLUMNS=0"})), 100u);
  EXPECT_EQ(terminal_columns(-1, environment({"COLUMNS=wide"})), 100u);
  EXPECT_EQ(terminal_columns(-1, environment({})), 100u);
}

}  // namespace
}  // namespace prov::cli
