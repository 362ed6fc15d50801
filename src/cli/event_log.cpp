#include "cli/event_log.hpp"

#include <fmt/format.h>

#include <ctime>

#include "base/printable.hpp"

namespace prov::cli {
namespace {

std::string quoted(std::string_view text) {
  std::string safe = base::printable(text);
  if (!safe.empty() && safe.find_first_of(" \"'=") == std::string::npos) return safe;
  std::string result = "\"";
  for (const char c : safe) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string time_of_day() {
  const std::time_t seconds = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:02}:{:02}:{:02}", utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace

void EventLog::event(std::string_view name, Fields fields) {
  std::string line = fmt::format("{} [info] {}", time_of_day(), name);
  for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, quoted(value));
  line += '\n';
  const std::lock_guard lock(mutex_);
  write_(line);
}

void EventLog::phase(std::string_view name) { event("phase", {{"name", std::string(name)}}); }

void EventLog::expect(std::uint64_t bytes) {
  event("to_read", {{"bytes", fmt::format("{}", bytes)}});
}

void EventLog::model(std::string_view side, const ModelSummary& model) {
  const std::string model_name(side);
  event("model_read", {{"model", model_name},
                       {"reference", model.reference},
                       {"type", model.model_type},
                       {"architecture", model.architecture},
                       {"tensors", fmt::format("{}", model.tensors)},
                       {"parameters", fmt::format("{}", model.parameters)},
                       {"bytes", fmt::format("{}", model.bytes)}});
  for (const std::string& note : model.notes)
    event("note", {{"model", model_name}, {"text", note}});
  for (const std::string& tensor : model.unexplained) {
    event("unexplained_tensor", {{"model", model_name}, {"name", tensor}});
  }
}

void EventLog::comparison(const Comparison& comparison) {
  model("a", comparison.a);
  model("b", comparison.b);
  event("compared", {{"lineage", std::string(lineage_class_name(comparison.lineage.lineage_class))},
                     {"seconds", fmt::format("{:.3f}", comparison.timing.total_seconds)}});
}

void EventLog::decomposition(const Decomposition& decomposition) {
  model("child", decomposition.child);
  for (const MergeCandidate& candidate : decomposition.candidates) {
    model("candidate", candidate.model);
  }
  event("decomposed", {{"operator", std::string(merge_operator_name(decomposition.merge_operator))},
                       {"seconds", fmt::format("{:.3f}", decomposition.total_seconds)}});
}

void EventLog::scan(const Scan& scan) {
  model("scanned", scan.model.summary);
  for (const std::string& note : scan.database.notes)
    event("note", {{"database", scan.database.path}, {"text", note}});
  event("scanned", {{"database", scan.database.path},
                    {"records", fmt::format("{}", scan.database.records)},
                    {"candidates", fmt::format("{}", scan.database.candidates)},
                    {"damaged", fmt::format("{}", scan.database.damaged.size())},
                    {"matches", fmt::format("{}", scan.matches.size())},
                    {"seconds", fmt::format("{:.3f}", scan.total_seconds)}});
}

}  // namespace prov::cli
