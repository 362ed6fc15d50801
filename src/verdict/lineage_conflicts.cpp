#include "verdict/lineage_conflicts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "verdict/lineage_thresholds.hpp"

namespace prov::verdict {
namespace {

using forensics::Declarations;
using forensics::ForensicEvidence;

void add_contradictions(std::vector<std::string>& conflicts, const Declarations& declared,
                        char side) {
  for (const std::string& text : declared.contradictions)
    conflicts.push_back(fmt::format("Model {}: {}.", side, base::printable(text)));
}

/// `claimant` names the other model as its origin, and the weights know nothing of it.
void add_refuted_claim(std::vector<std::string>& conflicts, const Declarations& claimant, char side,
                       const Declarations& other, char other_side) {
  if (other.name.empty() || claimant.name == other.name) return;
  const bool claims = std::ranges::any_of(claimant.origins, [&](const std::string& origin) {
    return forensics::origin_name(origin) == other.name;
  });
  if (claims) {
    conflicts.push_back(fmt::format(
        "Model {} names \"{}\" (model {}) as its origin, but the weights are independent.", side,
        base::printable(other.name), other_side));
  }
}

/// Both name one published origin. At least one of the two does not come from it.
void add_common_claim(std::vector<std::string>& conflicts, const Declarations& a,
                      const Declarations& b) {
  for (const std::string& origin : a.origins) {
    const bool published = origin.find('/') != std::string::npos && !origin.starts_with('/') &&
                           !origin.starts_with('.');
    if (!published || std::ranges::find(b.origins, origin) == b.origins.end()) continue;
    conflicts.push_back(fmt::format(
        "Both models name \"{}\" as their origin, but their weights are independent of each other.",
        base::printable(origin)));
    return;
  }
}

bool embedding_rows_agree_by_id(const ForensicEvidence& evidence) {
  return std::ranges::any_of(evidence.agreement.roles, [](const RoleAgreement& role) {
    return role.role == "token_embedding" && role.cosine.value_or(0) > kRowsAgree;
  });
}

}  // namespace

std::vector<std::string> find_conflicts(const ForensicEvidence& evidence,
                                        LineageClass lineage_class) {
  const Declarations &a = evidence.a.declared, &b = evidence.b.declared;
  std::vector<std::string> conflicts;
  add_contradictions(conflicts, a, 'A');
  add_contradictions(conflicts, b, 'B');
  if (lineage_class == LineageClass::independent) {
    add_refuted_claim(conflicts, a, 'A', b, 'B');
    add_refuted_claim(conflicts, b, 'B', a, 'A');
    add_common_claim(conflicts, a, b);
  }
  const bool related =
      lineage_class != LineageClass::independent && lineage_class != LineageClass::inconclusive;
  if (related && evidence.all_paired && a.model_type && b.model_type &&
      *a.model_type != *b.model_type) {
    conflicts.push_back(
        fmt::format("The configurations name different architectures (\"{}\", \"{}\"), but the "
                    "weights have the same roles and shapes and are related.",
                    base::printable(*a.model_type), base::printable(*b.model_type)));
  }
  const bool texts_disagree =
      evidence.tokens.by_text && evidence.tokens.mean_cosine.value_or(1) < kTextsDisagree;
  if (texts_disagree && embedding_rows_agree_by_id(evidence)) {
    conflicts.push_back(
        "The embeddings agree row by row but not token by token: one of the tokenizers does not "
        "belong to its weights.");
  }
  return conflicts;
}

}  // namespace prov::verdict
