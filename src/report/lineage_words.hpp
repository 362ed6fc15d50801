#pragma once

#include <string_view>

#include "provenancekit/verdict.hpp"
#include "report/document.hpp"

namespace prov::report {

struct ClassWords {
  std::string_view text;
  Tone tone;
};

/// A class of lineage as people read it.
ClassWords class_words(LineageClass value);

}  // namespace prov::report
