#!/usr/bin/env python3
"""Writes src/model/kit_tokenizer/tokenizer_class_table.cpp: which tokenizer class transformers gives a model type.

Run it with transformers 5.5.0 and tokenizers 0.22.2, the versions of the published kit's lock file. No weights, no torch.
"""
import sys

import transformers
from transformers import CONFIG_MAPPING, TokenizersBackend
from transformers.models.auto import tokenization_auto as auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES


def class_of_config(model_type):
    try:
        found = auto.TOKENIZER_MAPPING.get(CONFIG_MAPPING[model_type], None)
    except Exception:  # a class whose optional dependency is missing here
        return None
    return found.__name__ if found else None


def main() -> int:
    if transformers.__version__ != "5.5.0":
        print(f"transformers {transformers.__version__} here; 5.5.0 is needed", file=sys.stderr)
        return 1
    by_name = auto.TOKENIZER_MAPPING_NAMES
    model_types = sorted(set(by_name) | set(CONFIG_MAPPING_NAMES))
    models = [(name, by_name.get(name) or "", class_of_config(name) or "") for name in model_types]
    models = [row for row in models if row[1] or row[2]]
    forced = sorted(auto.MODELS_WITH_INCORRECT_HUB_TOKENIZER_CLASS)
    names = {n for n in dir(transformers) if n.endswith(("Tokenizer", "TokenizerFast"))} | set(filter(None, by_name.values()))
    classes = []
    for name in sorted(names):
        found = auto.tokenizer_class_from_name(name)
        if found:
            classes.append((name, found.__name__, "true" if issubclass(found, TokenizersBackend) else "false"))
    print('''// Made by tools/make_tokenizer_class_table.py from transformers 5.5.0. Do not edit.
#include "model/kit_tokenizer/tokenizer_class_table.hpp"

namespace prov::model {
namespace {

// clang-format off
constexpr TokenizerOfModel kModels[] = {''')
    for row in models:
        print('    {"%s", "%s", "%s"},' % row)
    print("};\n\nconstexpr std::string_view kForced[] = {")
    for name in forced:
        print(f'    "{name}",')
    print("};\n\nconstexpr TokenizerClass kClasses[] = {")
    for row in classes:
        print('    {"%s", "%s", %s},' % row)
    print('''};
// clang-format on

}  // namespace

std::span<const TokenizerOfModel> tokenizers_of_models() { return kModels; }
std::span<const std::string_view> generic_by_force() { return kForced; }
std::span<const TokenizerClass> tokenizer_classes() { return kClasses; }

}  // namespace prov::model''')
    return 0


if __name__ == "__main__":
    sys.exit(main())
