#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace prov::store {

/// What is in a database, counted. No digest is checked: verify() does that.
struct Description {
  std::string path;
  int schema_version = 0;
  std::string made_by;           // version of provenancekit; empty if unknown
  std::uint64_t file_bytes = 0;  // of the file
  std::uint64_t log_bytes = 0;   // of the write-ahead log beside it
  std::uint64_t records = 0, with_weights = 0;
  std::uint64_t publishers = 0, families = 0, architectures = 0;  // different ones, but for ""
  std::uint64_t words = 0;                                        // rows of the word index
  struct Part {
    std::string name;
    std::uint64_t records = 0, bytes = 0;
  };
  std::vector<Part> parts;          // ascending by name
  std::optional<std::string> seal;  // digest that an export wrote, in hexadecimal digits
  bool is_signed = false;
  std::vector<std::string> notices;  // names, ascending
};

/// Reads every row, but no part: seconds for a million records.
Result<Description> describe(const Store& store);

}  // namespace prov::store
