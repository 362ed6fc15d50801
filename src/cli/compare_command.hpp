#pragma once

#include "cli/environment.hpp"
#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "provenancekit/compare.hpp"

namespace prov::cli {

using CompareFunction = Result<Comparison> (*)(std::string_view a, std::string_view b,
                                               const CompareOptions& options);

/// `provenancekit compare`: reads, decides and reports. Standard output stays empty unless all went
/// well.
ExitCode run_compare(const CompareArguments& arguments, const Environment& environment,
                     CompareFunction compare_models = compare);

}  // namespace prov::cli
