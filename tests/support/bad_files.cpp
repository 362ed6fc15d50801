#include "support/bad_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/printable.hpp"
#include "support/checkpoint_builder.hpp"

namespace prov::tests {
namespace fs = std::filesystem;

namespace {

fs::path root() { return fs::path(PROV_REPOSITORY) / "tests" / "bad"; }

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::vector<BadFile> bad_files(const std::string& folder) {
  std::vector<BadFile> files;
  std::ifstream table(root() / folder / "expected.tsv");
  for (std::string row; std::getline(table, row);) {
    std::istringstream cells(row);
    BadFile file;
    std::getline(cells, file.name, '\t');
    std::getline(cells, file.code, '\t');
    std::getline(cells, file.field);
    files.push_back(file);
  }
  return files;
}

void expect_refusals(const std::string& folder,
                     const std::function<Result<void>(const source::ByteSource&)>& read) {
  const std::vector<BadFile> files = bad_files(folder);
  ASSERT_FALSE(files.empty()) << folder;
  std::vector<std::string> listed, found;
  for (const BadFile& file : files) listed.push_back(file.name);
  for (const auto& entry : fs::directory_iterator(root() / folder)) {
    if (entry.path().filename() != "expected.tsv")
      found.push_back(entry.path().filename().string());
  }
  std::ranges::sort(listed);
  std::ranges::sort(found);
  EXPECT_EQ(found, listed) << "files and rows of expected.tsv differ";

  for (const BadFile& file : files) {
    SCOPED_TRACE(folder + "/" + file.name);
    const auto source =
        source::from_memory(file.name, bytes_of(text_of(root() / folder / file.name)));
    auto result = read(*source);
    if (result) {
      ADD_FAILURE() << "was accepted";
      continue;
    }
    const Error& error = result.error();
    EXPECT_EQ(error_code_name(error.code), file.code) << error.to_string();
    EXPECT_EQ(error.field.empty() ? "-" : base::printable(error.field), file.field)
        << error.to_string();
    EXPECT_EQ(error.file, file.name);
    EXPECT_FALSE(error.message.empty());
    EXPECT_LE(error.offset.value_or(0), source->size());
    EXPECT_EQ(base::printable(error.to_string()), error.to_string());
  }
}

}  // namespace prov::tests
