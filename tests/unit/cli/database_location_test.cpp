#include "cli/database_location.hpp"

#include <gtest/gtest.h>

namespace prov::cli {
namespace {

Environment environment(std::vector<const char*> entries) {
  entries.push_back(nullptr);
  return Environment(entries.data());
}

std::string place(const DatabaseChoice& choice, const std::vector<const char*>& entries) {
  const Result<DatabaseLocation> found = locate_database(choice, environment(entries));
  return found ? found->path.string() + " by " + found->chosen_by : found.error().to_string();
}

TEST(DatabaseLocation, TheFirstThatIsSetCounts) {
  const std::vector<const char*> all = {"PROVENANCEKIT_DB=/e/f", "PROVENANCEKIT_DB_ROOT=/e/r",
                                        "XDG_DATA_HOME=/x", "HOME=/h"};
  EXPECT_EQ(place({.file = "f", .root = "r"}, all), "f by --db");
  EXPECT_EQ(place({.root = "r"}, all), "r/models.db by --db-root");
  EXPECT_EQ(place({}, all), "/e/f by PROVENANCEKIT_DB");
  EXPECT_EQ(place({}, {"provenancekit_db_root=/e/r", "HOME=/h"}),
            "/e/r/models.db by PROVENANCEKIT_DB_ROOT");
  EXPECT_EQ(place({}, {"XDG_DATA_HOME=/x", "HOME=/h"}), "/x/provenancekit/models.db by default");
  EXPECT_EQ(place({}, {"XDG_DATA_HOME=relative", "HOME=/h"}),
            "/h/.local/share/provenancekit/models.db by default");
}

TEST(DatabaseLocation, WhatIsSetButEmptyIsAnError) {
  EXPECT_EQ(place({.file = ""}, {"HOME=/h"}), "--db: the name is empty");
  EXPECT_EQ(place({}, {"PROVENANCEKIT_DB=", "HOME=/h"}), "PROVENANCEKIT_DB: the name is empty");
  EXPECT_EQ(place({}, {"HOME="}),
            "no home folder is known; name a place, or set HOME or XDG_DATA_HOME");
}

TEST(CacheLocation, TheFirstThatIsSetCounts) {
  const Environment all =
      environment({"PROVENANCEKIT_CACHE_DIR=/e", "XDG_CACHE_HOME=/x", "HOME=/h"});
  EXPECT_EQ(*locate_cache("c", all), "c");
  EXPECT_EQ(*locate_cache(std::nullopt, all), "/e");
  EXPECT_EQ(*locate_cache(std::nullopt, environment({"XDG_CACHE_HOME=/x", "HOME=/h"})),
            "/x/provenancekit");
  EXPECT_EQ(*locate_cache(std::nullopt, environment({"HOME=/h"})), "/h/.cache/provenancekit");
  EXPECT_FALSE(locate_cache("", all));
}

}  // namespace
}  // namespace prov::cli
