#include "model/kit_tokenizer/kit_class.hpp"

#include <algorithm>

#include "model/kit_tokenizer/tokenizer_class_table.hpp"

namespace prov::model {
namespace {

std::string_view without_fast(std::string_view name) {
  if (name.ends_with("Fast")) name.remove_suffix(4);
  return name;
}

ResolvedClass by_name(std::string_view name) {
  const auto classes = tokenizer_classes();
  for (std::string_view spelling : {name, without_fast(name)}) {
    const auto found = std::find_if(classes.begin(), classes.end(),
                                    [&](const auto& c) { return c.name == spelling; });
    if (found == classes.end()) continue;
    // The base class of Python tokenizers gives the generic one.
    if (found->actual == "PythonBackend") break;
    return {std::string(found->actual), found->has_backend};
  }
  return {std::string(kGenericClass), true};
}

}  // namespace

ResolvedClass resolve_class(const ClassClues& clues) {
  const auto forced = generic_by_force();
  const auto models = tokenizers_of_models();
  const auto model = std::find_if(models.begin(), models.end(), [&](const auto& row) {
    return row.model_type == clues.model_type;
  });
  const std::string_view mapped = model == models.end() ? "" : model->by_name;
  const bool is_forced = std::find(forced.begin(), forced.end(), clues.model_type) != forced.end();
  const bool auto_map = clues.has_auto_map && !is_forced;
  if (!auto_map && !clues.written.empty() && !mapped.empty() &&
      without_fast(mapped) != without_fast(clues.written)) {
    return {std::string(kGenericClass), true};
  }
  if (!clues.written.empty()) return by_name(without_fast(clues.written));
  if (!clues.config_written.empty()) return by_name(clues.config_written);
  if (model != models.end() && !model->by_class.empty()) return by_name(model->by_class);
  return {std::string(kGenericClass), true};
}

}  // namespace prov::model
