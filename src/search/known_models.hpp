// The models that a scan looks among, one after the other, whatever keeps them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fingerprint/fingerprint_codec.hpp"
#include "provenancekit/result.hpp"
#include "signals/fingerprint.hpp"

namespace prov::search {

/// What is known of a model before its fingerprint is read. Texts may be empty but for the first
/// two.
struct KnownModel {
  std::string asset_id, model_id;
  std::string family_id, family_name, publisher, param_bucket, source_uri;
  std::string place, revision;  // a reference to the model itself, as far as it is known
  bool has_weights = false;     // the database holds something of its weights
};

class KnownModels {
 public:
  virtual ~KnownModels() = default;

  virtual Result<std::uint64_t> count() const = 0;

  /// Said before the fingerprint is read: false leaves the model out.
  using Wants = std::function<bool(const KnownModel& model)>;
  /// An error ends the visit.
  using Visit =
      std::function<Result<void>(const KnownModel& model, const signals::Fingerprint& fingerprint)>;
  /// In the order of the database, which breaks ties. Memory does not grow with the size of the
  /// models. What cannot be read goes to `damaged` and is left out.
  virtual Result<void> for_each(const Wants& wants, const Visit& visit,
                                std::vector<Error>& damaged) const = 0;

  /// A model whose weights may be akin; `signals` may lack anything.
  using VisitAkin =
      std::function<Result<void>(const KnownModel& model, const signals::Fingerprint& signals,
                                 const fingerprint::FingerprintFile& weights)>;
  /// The few models whose weights are worth a comparison (akin_records.hpp). None where the
  /// database keeps nothing of weights.
  virtual Result<void> for_each_akin(const fingerprint::Sketch& query, const VisitAkin& visit,
                                     std::vector<Error>& damaged) const = 0;

  /// Limits of what this database can tell, one sentence each; after for_each.
  virtual std::vector<std::string> notes() const = 0;
};

/// A folder of the published kit, where `path` is a folder, else a file of records. Errors: those
/// of store::read_kit_catalog and of store::Store::open.
Result<std::unique_ptr<KnownModels>> open_known_models(const std::string& path);

}  // namespace prov::search
