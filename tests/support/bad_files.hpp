#pragma once

#include <functional>
#include <string>
#include <vector>

#include "provenancekit/result.hpp"
#include "source/byte_source.hpp"

namespace prov::tests {

/// A row of tests/bad/<folder>/expected.tsv: a file and the refusal that it must get.
struct BadFile {
  std::string name;
  std::string code;   // error_code_name
  std::string field;  // printable; "-" for none
};

std::vector<BadFile> bad_files(const std::string& folder);

/// Checks that the folder holds exactly the files of its table and that `read` refuses each as
/// expected. Files are read from heap blocks of exactly their size, so that a sanitizer sees one
/// byte too many.
void expect_refusals(const std::string& folder,
                     const std::function<Result<void>(const source::ByteSource&)>& read);

}  // namespace prov::tests
