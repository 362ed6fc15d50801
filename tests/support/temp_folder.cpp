#include "support/temp_folder.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

namespace prov::tests {
namespace fs = std::filesystem;

TempFolder::TempFolder() {
  std::string name = (fs::temp_directory_path() / "provenancekit-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    std::perror("mkdtemp");
    std::abort();
  }
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path TempFolder::write(std::string_view name, std::string_view text) const {
  const fs::path file = path_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  return file;
}

fs::path TempFolder::write(std::string_view name, std::span<const std::byte> bytes) const {
  std::string text;
  text.reserve(bytes.size());
  for (std::byte byte : bytes) text += static_cast<char>(byte);
  return write(name, text);
}

fs::path TempFolder::link(std::string_view name, std::string_view target) const {
  const fs::path file = path_ / name;
  fs::create_directories(file.parent_path());
  fs::create_symlink(target, file);
  return file;
}

}  // namespace prov::tests
