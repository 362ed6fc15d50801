#include "cli/report_request.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "cli/invalid_choice.hpp"
#include "provenancekit/report.hpp"

namespace prov::cli {
namespace {

Error usage_error(std::string message) {
  return {.code = ErrorCode::invalid_argument, .message = std::move(message)};
}

Result<ReportRequest> parse_report_request(const std::string& value) {
  const std::size_t equals = value.find('=');
  ReportRequest request{value.substr(0, equals), std::nullopt};
  const std::vector<std::string_view> formats = report_formats();
  if (std::find(formats.begin(), formats.end(), request.format) == formats.end()) {
    return usage_error(invalid_choice("-o/--output", request.format, formats));
  }
  if (equals == std::string::npos) return request;
  request.file = value.substr(equals + 1);
  if (request.file->empty())
    return usage_error("argument -o/--output: the name of the file is empty");
  return request;
}

}  // namespace

Result<std::vector<ReportRequest>> parse_report_requests(bool json, bool plain,
                                                         const std::vector<std::string>& values) {
  std::vector<ReportRequest> requests;
  if (json) requests.push_back({"json", std::nullopt});
  if (plain) requests.push_back({"plain", std::nullopt});
  for (const std::string& value : values) {
    PROV_TRY(ReportRequest request, parse_report_request(value));
    requests.push_back(std::move(request));
  }
  if (requests.empty()) requests.push_back({"table", std::nullopt});
  const auto to_standard_output = [](const ReportRequest& request) { return !request.file; };
  if (std::count_if(requests.begin(), requests.end(), to_standard_output) > 1) {
    return usage_error(
        "only one report can go to standard output; give the others a file: -o FORMAT=FILE");
  }
  return requests;
}

}  // namespace prov::cli
