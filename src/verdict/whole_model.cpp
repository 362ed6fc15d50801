#include "verdict/whole_model.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "base/try.hpp"
#include "model/adapter/merge_adapter.hpp"
#include "source/hub/environment.hpp"
#include "source/hub/hub_cache.hpp"
#include "source/hub/hub_id.hpp"
#include "verdict/adapter_pair.hpp"

namespace prov::verdict {
namespace {

Error failure(std::string_view reference, ErrorCode code, std::string message) {
  return {.code = code,
          .message = std::move(message),
          .file = std::string(reference),
          .hint = "`compare BASE ADAPTER` merges it onto a base that you name"};
}

std::optional<std::string> base_in_cache(const std::string& name) {
  const source::HubEnvironment environment = source::hub_environment();
  const auto id = source::parse_hub_id(name, environment.endpoint);
  if (!id) return std::nullopt;
  const auto snapshot = source::cached_snapshot(environment.cache, *id);
  return snapshot ? std::optional(snapshot->string()) : std::nullopt;
}

}  // namespace

Result<PreparedModel> open_whole(std::string_view reference, const FeatureCache* cache) {
  PROV_TRY(PreparedModel prepared, open_prepared(reference, cache));
  if (!is_adapter(prepared.model)) return prepared;
  PROV_TRY(const auto config, model::read_adapter_config(prepared.model.snapshot));
  if (!config) return prepared;
  if (!config->not_applied.empty()) {
    return failure(reference, ErrorCode::unsupported,
                   fmt::format("it is an adapter that is not merged: {}", config->not_applied));
  }
  const std::optional<std::string> base = base_in_cache(config->base_model);
  if (!base) {
    return failure(
        reference, ErrorCode::not_found,
        config->base_model.empty()
            ? std::string("it is an adapter, changes to a base, and names none")
            : fmt::format("it is an adapter, changes to the base \"{}\", which is not in the Hub's "
                          "cache on this machine",
                          base::printable(config->base_model)));
  }
  PROV_TRY(model::Model whole, model::open_model(*base));
  PROV_TRY(model::AdapterMerge merge,
           model::merge_adapter(std::move(whole.checkpoint), std::move(prepared.model.checkpoint),
                                *config));
  if (!merge.misfit.empty()) {
    return failure(reference, ErrorCode::size_mismatch,
                   fmt::format("it does not fit its base \"{}\": {}",
                               base::printable(config->base_model), merge.misfit));
  }
  return merged_model(prepared, reference, std::move(merge.merged), *base);
}

}  // namespace prov::verdict
