// Stands in for libFuzzer where it is not linked: runs the target once over each file of the given
// folders.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** folders) {
  std::size_t files = 0;
  for (int i = 1; i < count; ++i) {
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(folders[i], failed), end;
         !failed && entry != end; ++entry) {
      std::ifstream in(entry->path(), std::ios::binary);
      std::vector<std::uint8_t> bytes(std::istreambuf_iterator<char>(in), {});
      bytes.shrink_to_fit();  // so that a sanitizer sees one byte too many
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      ++files;
    }
    if (failed) {
      std::fprintf(stderr, "%s: %s\n", folders[i], failed.message().c_str());
      return 1;
    }
  }
  std::printf("%zu files\n", files);
  return files == 0 ? 1 : 0;
}
