#include "search/weight_match.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "fingerprint/neuron_words.hpp"
#include "verdict/fingerprint_lineage.hpp"

namespace prov::search {
namespace {

/// -log10 of the probability under the null; of a z by the leading term of the normal tail.
double strength_of(const Evidence& evidence) {
  if (evidence.log10_p) return -*evidence.log10_p;
  if (!evidence.z || *evidence.z < 1) return 0;
  const double z = *evidence.z;
  return (z * z / 2 + std::log(z * std::sqrt(2 * std::numbers::pi))) / std::numbers::ln10;
}

}  // namespace

void take_lineage(ScanMatch& match, Lineage lineage, ComparedBy compared_by) {
  match.strength = 0;
  for (const Evidence& evidence : lineage.evidence)
    match.strength = std::max(match.strength, strength_of(evidence));
  // Where fingerprints show nothing, the lineage says that the weights were not compared.
  match.weights_compared =
      compared_by == ComparedBy::weights || lineage.lineage_class != LineageClass::inconclusive;
  match.compared_by = compared_by;
  match.lineage = std::move(lineage);
}

void compare_weights(ScanMatch& match, const fingerprint::FingerprintFile& known,
                     const fingerprint::FingerprintFile& scanned) {
  take_lineage(match, verdict::lineage_of_fingerprints(known, scanned), ComparedBy::fingerprint);
  if (!known.sketch || !scanned.sketch) return;
  match.equal_hashes = !known.sketch->sampled && known.sketch->weights == scanned.sketch->weights;
  match.shared_words = fingerprint::shared_words(known.sketch->words, scanned.sketch->words);
}

}  // namespace prov::search
