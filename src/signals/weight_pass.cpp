#include "signals/weight_pass.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <tuple>

#include "base/try.hpp"
#include "signals/segment_reader.hpp"

namespace prov::signals {
namespace {

// What one thread takes at a time: one segment, or all of a tensor where one thread must go through
// it, or all of two such tensors.
struct Job {
  std::size_t first_segment = 0, segments = 0;
  std::optional<std::size_t> other_first = std::nullopt;  // segment; as many as of the first
};

class WeightPass {
 public:
  WeightPass(const model::Checkpoint& checkpoint, std::span<const TensorRequest> requests,
             const WeightPassOptions& options)
      : checkpoint_(checkpoint),
        requests_(requests),
        options_(options),
        summaries_(requests.size()) {
    plan();
  }

  Result<std::vector<TensorSummary>> run() && {
    if (options_.progress != nullptr) options_.progress->expect(bytes());
    const std::size_t workers = std::max<std::size_t>(1, std::min(options_.workers, jobs_.size()));
    base::parallel_for(workers, workers, [this](std::size_t) { work(); });
    if (error_) return *std::move(error_);
    PROV_CHECK(checkpoint_.verify_unchanged());
    join_segments();
    return std::move(summaries_);
  }

 private:
  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const TensorRequest& request : requests_) sum += request.tensor->info.bytes;
    return sum;
  }

  // In file order, so that disks and caches see one stream.
  void plan() {
    std::vector<std::size_t> order(requests_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [this](std::size_t i) {
      const model::Tensor& tensor = *requests_[i].tensor;
      return std::tuple(tensor.file, tensor.info.offset, i);
    });
    for (const std::size_t i : order) {
      const std::uint64_t elements = requests_[i].tensor->elements();
      const bool in_order = requests_[i].chained_norm || requests_[i].visitor != nullptr;
      for (std::uint64_t begin = 0; begin < elements; begin += kSegment) {
        if (begin == 0 || !in_order) jobs_.push_back({segments_.size(), 0});
        jobs_.back().segments += 1;
        segments_.push_back(
            {.request = i, .begin = begin, .count = std::min(kSegment, elements - begin)});
      }
    }
    join_jobs();
  }

  const model::Tensor& tensor_of(const Job& job) const {
    return *requests_[segments_[job.first_segment].request].tensor;
  }

  bool is_chained(const Job& job) const {
    return requests_[segments_[job.first_segment].request].chained_norm;
  }

  // The next job that may be done together with job i, of those that stand near in the file.
  std::optional<std::size_t> partner_of(std::size_t i, const std::vector<bool>& taken) const {
    constexpr std::size_t kNear = 8;
    if (!is_chained(jobs_[i])) return std::nullopt;
    for (std::size_t j = i + 1; j < std::min(i + kNear, jobs_.size()); ++j) {
      if (!taken[j] && is_chained(jobs_[j]) &&
          may_be_read_together(tensor_of(jobs_[i]), tensor_of(jobs_[j])))
        return j;
    }
    return std::nullopt;
  }

  // Two chained norms cost little more than one. Where many threads share few tensors none are
  // joined: each thread should have its part.
  void join_jobs() {
    constexpr std::size_t kFewest = 8;  // jobs a thread
    if (jobs_.size() < kFewest * options_.workers) return;
    std::vector<bool> taken(jobs_.size());
    std::vector<Job> joined;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      if (taken[i]) continue;
      if (const auto partner = partner_of(i, taken)) {
        jobs_[i].other_first = jobs_[*partner].first_segment;
        taken[*partner] = true;
      }
      joined.push_back(jobs_[i]);
    }
    jobs_ = std::move(joined);
  }

  void work() {
    SegmentReader reader(checkpoint_, options_);
    for (std::size_t i = next_job_++; i < jobs_.size() && !failed_; i = next_job_++) {
      if (auto status = do_job(jobs_[i], reader); !status) fail(i, std::move(status).error());
    }
  }

  Result<void> do_job(const Job& job, SegmentReader& reader) {
    reader.restart_norms();
    for (std::size_t i = 0; i < job.segments; ++i) {
      if (options_.stop.stop_requested()) {
        return Error{.code = ErrorCode::cancelled, .message = "reading the weights was cancelled"};
      }
      Segment& segment = segments_[job.first_segment + i];
      if (!job.other_first) {
        PROV_CHECK(reader.read(requests_[segment.request], segment));
        continue;
      }
      Segment& other = segments_[*job.other_first + i];
      PROV_CHECK(
          reader.read_two(requests_[segment.request], segment, requests_[other.request], other));
    }
    if (is_chained(job)) {
      summaries_[segments_[job.first_segment].request].chained_norm = reader.norm();
      if (job.other_first)
        summaries_[segments_[*job.other_first].request].chained_norm = reader.other_norm();
    }
    return {};
  }

  // Keeps the error of the earliest job, so that a message does not depend on luck.
  void fail(std::size_t job, Error error) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    if (error_ && failed_job_ <= job) return;
    error_ = std::move(error);
    failed_job_ = job;
  }

  // Segments of one tensor follow each other in its own order, whatever thread read them.
  void join_segments() {
    std::vector<TensorHasher> hashers(summaries_.size());
    for (const Segment& segment : segments_) {
      summaries_[segment.request].non_finite += segment.non_finite;
      hashers[segment.request].add(segment.hash);
      const std::span<double> rows = requests_[segment.request].row_square_sums;
      if (rows.empty()) continue;
      rows[segment.begin / requests_[segment.request].tensor->row_elements()] += segment.first_row;
    }
    for (std::size_t i = 0; i < summaries_.size(); ++i) {
      summaries_[i].content = hashers[i].finish();
      summaries_[i].decoded = requests_[i].tensor->info.dtype != format::Dtype::c64;
    }
  }

  const model::Checkpoint& checkpoint_;
  const std::span<const TensorRequest> requests_;
  const WeightPassOptions& options_;
  std::vector<TensorSummary> summaries_;
  std::vector<Segment> segments_;
  std::vector<Job> jobs_;
  std::atomic<std::size_t> next_job_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;  // guards the two below
  std::optional<Error> error_;
  std::size_t failed_job_ = 0;
};

}  // namespace

Result<std::vector<TensorSummary>> read_weights(const model::Checkpoint& checkpoint,
                                                std::span<const TensorRequest> requests,
                                                const WeightPassOptions& options) {
  return WeightPass(checkpoint, requests, options).run();
}

}  // namespace prov::signals
