// The log of --verbose: one event a line, "HH:MM:SS [info] event key=value ...", times in UTC.
#pragma once

#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "provenancekit/compare.hpp"
#include "provenancekit/decompose.hpp"
#include "provenancekit/progress.hpp"
#include "provenancekit/scan.hpp"

namespace prov::cli {

/// Thread-safe.
class EventLog : public Progress {
 public:
  using Write = std::function<void(std::string_view)>;
  using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

  explicit EventLog(Write write) : write_(std::move(write)) {}

  void event(std::string_view name, Fields fields);
  /// What was read, and with what result.
  void comparison(const Comparison& comparison);
  void decomposition(const Decomposition& decomposition);
  void scan(const Scan& scan);

  void phase(std::string_view name) override;
  void expect(std::uint64_t bytes) override;
  void advance(std::uint64_t) override {}

 private:
  void model(std::string_view side, const ModelSummary& model);

  const Write write_;
  std::mutex mutex_;  // keeps lines whole
};

}  // namespace prov::cli
