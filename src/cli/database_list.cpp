#include "cli/database_list.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/try.hpp"
#include "cli/command_output.hpp"
#include "cli/output.hpp"
#include "report/database_document.hpp"
#include "report/renderers.hpp"

namespace prov::cli {
namespace {

constexpr std::size_t kAtATime = 1000;      // records
constexpr std::uint64_t kTableLimit = 200;  // records: nobody reads a longer table
constexpr std::string_view kListBegin = "[\n", kListEnd = "\n]\n";

/// Writes the records of one report as they come.
class ListWriter {
 public:
  ListWriter(const ReportRequest& request, const ReportStyle& style)
      : request_(request), style_(style) {}

  Result<void> add(const std::vector<store::RecordSummary>& records) {
    if (records.empty()) return {};
    const report::Document document = report::record_list_document(records, written_ + 1);
    PROV_TRY(std::string text, report::render(document, request_.format, style_));
    // A list of lists of records becomes one list: their brackets go, a comma comes between.
    if (request_.format == "json") {
      text.erase(text.size() - kListEnd.size());
      text.replace(0, kListBegin.size(), written_ == 0 ? "[\n" : ",\n");
    }
    written_ += records.size();
    return put(text);
  }

  Result<void> finish(std::uint64_t left_out) {
    if (request_.format == "json") PROV_CHECK(put(written_ == 0 ? "[]\n" : "\n]\n"));
    if (request_.format == "table" && left_out > 0) {
      PROV_CHECK(
          put(fmt::format("{} more: --limit N shows more, --json and --plain all\n", left_out)));
    }
    if (request_.format == "table" && written_ == 0) PROV_CHECK(put("No records.\n"));
    return request_.file ? write_file(*request_.file, pending_) : Result<void>();
  }

 private:
  Result<void> put(std::string_view text) {
    if (!request_.file) return write_standard_output(text);
    pending_ += text;
    return {};
  }

  const ReportRequest& request_;
  ReportStyle style_;
  std::uint64_t written_ = 0;
  std::string pending_;  // of a file: it appears in one step
};

class Listing {
 public:
  Listing(const DatabaseArguments& arguments, const store::Store& database, std::stop_token stop)
      : arguments_(arguments), database_(database), stop_(std::move(stop)) {}

  Result<void> write(const ReportRequest& request, const ReportStyle& style, bool tell_damage) {
    const std::uint64_t limit = arguments_.limit.value_or(
        request.format == "table" ? kTableLimit : std::numeric_limits<std::uint64_t>::max());
    ListWriter writer(request, style);
    std::vector<store::RecordSummary> records;
    std::uint64_t taken = 0, left_out = 0;
    const auto take = [&](const Result<store::RecordSummary>& record) -> Result<bool> {
      if (stop_.stop_requested()) return Error{.code = ErrorCode::cancelled, .message = "stopped"};
      if (!record) {
        damaged_ = true;
        if (tell_damage) tell(record.error());
        return true;
      }
      if (taken == limit) {
        ++left_out;
        return true;
      }
      ++taken;
      records.push_back(*record);
      if (records.size() < kAtATime) return true;
      PROV_CHECK(writer.add(records));
      records.clear();
      return true;
    };
    PROV_CHECK(
        database_.for_each({.publisher = arguments_.publisher, .family = arguments_.family}, take));
    PROV_CHECK(writer.add(records));
    return writer.finish(left_out);
  }

  bool found_damage() const { return damaged_; }

 private:
  static void tell(const Error& error) {
    write_standard_error(fmt::format("provenancekit: left out: {}\n", error.to_string()));
  }

  const DatabaseArguments& arguments_;
  const store::Store& database_;
  std::stop_token stop_;
  bool damaged_ = false;
};

}  // namespace

ExitCode run_database_list(const DatabaseArguments& arguments, const DatabaseLocation& location,
                           const Environment& environment, std::stop_token stop) {
  const Result<store::Store> database = store::Store::open(location.path, store::Mode::read);
  if (!database) return fail(database.error());
  Listing listing(arguments, *database, std::move(stop));
  bool first = true;
  for (const ReportRequest& request : arguments.reports) {
    const Result<void> written =
        listing.write(request, style_for(request, arguments, environment), first);
    if (!written) return fail(written.error());
    first = false;
  }
  return listing.found_damage() ? ExitCode::failure : ExitCode::done;
}

}  // namespace prov::cli
