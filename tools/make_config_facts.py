#!/usr/bin/env python3
"""Writes src/model/config/facts/config_classes.json: what the configuration classes of transformers do to a config.json.

    pip install transformers==5.5.0 && tools/make_config_facts.py > src/model/config/facts/config_classes.json

No torch is needed. For each model type: the declared attributes that matter here with their raw defaults ("d"), the other
attributes that exist ("x"), the attribute map ("alias"), the assignments of __post_init__ as one-line rules ("rules"), how
RoPE settings are joined ("rope"), and the part that describes the text model ("text"). docs/signals/mfi.md explains each.
"""
import ast
import dataclasses
import inspect
import json
import sys
import textwrap

from transformers.configuration_utils import PreTrainedConfig
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

FIELDS = """hidden_size num_hidden_layers num_attention_heads num_key_value_heads intermediate_size d_ff encoder_ffn_dim
decoder_ffn_dim ffn_dim hidden_dim vocab_size max_position_embeddings hidden_act hidden_activation head_dim rope_theta
tie_word_embeddings rms_norm_eps rms_norm_epsilon layer_norm_eps layer_norm_epsilon attention_bias bias qk_layernorm qk_norm
query_pre_attn_scalar position_embedding_type""".split()
ROPE_INPUTS = ["rope_parameters", "partial_rotary_factor", "original_max_position_embeddings"]

# What a default instance shows but no assignment in __post_init__ says: properties and conditions.
MORE_RULES = {
    "falcon": ["hidden_size := n_embed given n_embed", "head_dim ::= hidden_size // num_attention_heads"],
    "bloom": ["hidden_size := n_embed given n_embed"],
    "gpt_bigcode": ["num_key_value_heads := n_head", "num_key_value_heads := 1 if multi_query"],
    "lfm2": ["intermediate_size := block_ff_dim given block_ff_dim",
             "tie_word_embeddings := tie_embedding given tie_embedding"],
    "lfm2_moe": ["tie_word_embeddings := tie_embedding given tie_embedding"],
    "nemotron_h": ["num_hidden_layers ::= len layers_block_type",
                   "num_hidden_layers ::= len hybrid_override_pattern given hybrid_override_pattern"],
}


def operand(node):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return node.attr
    if isinstance(node, ast.Constant) and (node.value is True or node.value is False or isinstance(node.value, int)):
        return json.dumps(node.value)
    return None


def expression(node):
    """Text of the few forms of right-hand sides that the classes use, or None."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int" and len(node.args) == 1:
        return expression(node.args[0])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1:
        return operand(node.args[0]) and f"len {operand(node.args[0])}"
    if isinstance(node, ast.BinOp):
        signs = {ast.FloorDiv: "//", ast.Mult: "*", ast.Add: "+"}
        # A chain from left to right; * and // bind alike.
        left = expression(node.left) if isinstance(node.left, ast.BinOp) else operand(node.left)
        right, sign = operand(node.right), signs.get(type(node.op))
        return f"{left} {sign} {right}" if left and right and sign else None
    return operand(node)


def is_none_test(test, name, negated):
    return (isinstance(test, ast.Compare) and operand(test.left) == name
            and isinstance(test.ops[0], ast.IsNot if negated else ast.Is)
            and isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value is None)


def rule_of(statement, wanted):
    """`self.x = ...` and `if self.x is None: self.x = ...` as rule text."""
    operator = ":="
    if isinstance(statement, ast.If) and len(statement.body) == 1 and not statement.orelse:
        inner = statement.body[0]
        target = operand(inner.targets[0]) if isinstance(inner, ast.Assign) else None
        if not target or not is_none_test(statement.test, target, False):
            return None
        statement, operator = inner, "?="
    if not isinstance(statement, ast.Assign):
        return None
    target, value = operand(statement.targets[0]), statement.value
    if target not in wanted:
        return None
    if isinstance(value, ast.IfExp) and is_none_test(value.test, target, True) and operand(value.body) == target:
        operator, value = "?=", value.orelse
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or) and operand(value.values[0]) == target:
        operator, value = "?=", value.values[1]
    text = expression(value)
    # Constants are written over whatever the file says ("force it for T5 family").
    if text in ("true", "false") and operator == ":=":
        operator = "::="
    return f"{target} {operator} {text}" if text else None


def post_inits(cls):
    for owner in cls.__mro__:
        if owner in (PreTrainedConfig, object):
            return
        function = owner.__dict__.get("__post_init__")
        if function is not None:
            yield ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]


def default_partial_factor(cls):
    """The number of `kwargs.setdefault("partial_rotary_factor", number)` or `kwargs["partial_rotary_factor"] = number`."""
    for function in post_inits(cls):
        for node in ast.walk(function):
            if (isinstance(node, ast.Call) and ast.unparse(node.func) == "kwargs.setdefault"
                    and ast.literal_eval(node.args[0]) == "partial_rotary_factor"):
                return ast.literal_eval(node.args[1])
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "kwargs['partial_rotary_factor']":
                return ast.literal_eval(node.value)
    return None


def literal_rope_default(function):
    """The dictionary of `if self.rope_parameters is None: self.rope_parameters = {...}`."""
    for statement in function.body:
        if isinstance(statement, ast.If) and is_none_test(statement.test, "rope_parameters", False):
            try:
                value = statement.body[0].value
                return {ast.literal_eval(k): "$" + operand(v) if isinstance(v, ast.Attribute) else ast.literal_eval(v)
                        for k, v in zip(value.keys, value.values) if not isinstance(v, ast.BinOp)}
            except (AttributeError, ValueError):
                return None
    return None


def rope_of(cls, declared):
    """Which of the few ways convert_rope_params_to_dict goes, as settings."""
    if "rope_parameters" not in declared:
        return None
    rope = {}
    theta = cls.default_theta
    source = inspect.getsource(cls.convert_rope_params_to_dict)
    if isinstance(theta, dict):
        rope["layers"] = {"full_attention": theta["global"], "sliding_attention": theta["local"]}
        keys = ("global_rope_theta", "local_rope_theta") if "global_rope_theta" in source else (
            "rope_theta", "rope_local_base_freq")
        rope["keys"] = dict(zip(rope["layers"], keys))
        rope["scale_all"] = '["sliding_attention"].update(rope_scaling)' in source
        return rope
    if "no old-format" in source:
        return {"as_given": True, "default": plain(cls().rope_parameters)}
    if "default_theta: int | float = 10_000.0" in source:
        theta = 10000.0
    if theta != 10000.0:
        rope["theta"] = theta
    if '"rotary_emb_base"' in source:
        rope["theta_key"] = "rotary_emb_base"
        rope["partial_key"] = "rotary_pct"
        rope["partial"] = 0.25 if "0.25" in source else 1.0
    elif 'kwargs.get("partial_rotary_factor", 1.0)' in source:
        rope["partial"] = 1.0
    elif "partial_rotary_factor" not in source:
        rope["partial_key"] = ""
    if (partial := default_partial_factor(cls)) is not None:
        rope["partial"] = partial
    if '"longrope"' in source:
        rope["longrope"] = True
    if '"mrope"' in source:
        rope["mrope"] = True
    if "float(self.rope_parameters[key])" in source:
        rope["floats"] = True
    for function in post_inits(cls):
        if default := literal_rope_default(function):
            rope["default"] = default
            break
    return rope


def text_part(name, cls, instance):
    """[attribute, key of its class, "any" if a model_type inside may choose another class, what the composite class gives it
    where the file has none]; the key is empty if there is none by default. A class that no model type stands for is described under its own name."""
    for attribute in ("text_config", "decoder"):
        sub = getattr(cls, "sub_configs", {}).get(attribute)
        if sub is None:
            continue
        default = getattr(instance, attribute, None) if instance is not None else None
        chosen = type(default) if isinstance(default, PreTrainedConfig) else sub
        if sub.__name__ == "AutoConfig":
            return [attribute, class_key(chosen), "any", own_defaults(default)]
        return [attribute, class_key(sub), "fixed", own_defaults(default)]
    return None


def own_defaults(default):
    if not isinstance(default, PreTrainedConfig):
        return {}
    usual, alias = type(default)(), getattr(default, "attribute_map", {}) or {}
    names = [alias.get(field, field) for field in FIELDS] + ["rope_parameters"]
    return {n: plain(getattr(default, n)) for n in names
            if hasattr(default, n) and (not hasattr(usual, n) or getattr(default, n) != getattr(usual, n))}


def class_key(cls):
    kind = getattr(cls, "model_type", "")
    if cls.__name__ == "AutoConfig":
        return ""
    return kind if kind in CONFIG_MAPPING and CONFIG_MAPPING[kind] is cls else cls.__name__


def plain(value):
    return json.loads(json.dumps(value, default=lambda _: None))


def describe(name, cls):
    declared = {f.name: f for f in dataclasses.fields(cls)}
    try:
        instance = cls()
    except Exception:  # composites that have no defaults
        instance = None
    alias = dict(getattr(cls, "attribute_map", {}) or {})
    wanted = {alias.get(field, field) for field in FIELDS}
    rules = [r for f in post_inits(cls) for s in f.body if (r := rule_of(s, wanted))]
    rules += MORE_RULES.get(name, [])
    targets = {rule.split()[0] for rule in rules}
    names = wanted | {w for rule in rules for w in rule.split() if w.isidentifier()} | set(ROPE_INPUTS)
    names |= {w[1:] for w in (rope_of(cls, declared) or {}).get("default", {}).values() if str(w).startswith("$")}

    entry = {"d": {}}
    for attribute in sorted(names & set(declared)):
        field = declared[attribute]
        default = field.default if field.default is not dataclasses.MISSING else None
        if default is None and field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        # Without a rule for it, what a default instance shows is the best that is known.
        if default is None and attribute not in targets and attribute not in ROPE_INPUTS and instance is not None:
            default = getattr(instance, attribute, None)
        entry["d"][attribute] = plain(default)
    if instance is not None:
        extra = {a: plain(getattr(instance, a)) for a in sorted(names - set(declared))
                 if a not in ROPE_INPUTS and hasattr(instance, a)}
        if extra:
            entry["x"] = extra
    relevant = {k: v for k, v in alias.items() if v in names or k in FIELDS}
    if relevant:
        entry["alias"] = relevant
    if rules:
        entry["rules"] = list(dict.fromkeys(rules))
    rope = rope_of(cls, declared)
    if rope is not None:
        entry["rope"] = rope
    part = text_part(name, cls, instance)
    if part:
        entry["text"] = part
        if "Hub configs are saved as flat dicts" in inspect.getsource(cls):
            entry["flat"] = True
    return entry


def main():
    facts = {name: describe(name, CONFIG_MAPPING[name]) for name in sorted(CONFIG_MAPPING.keys())}
    for name in sorted(CONFIG_MAPPING.keys()):
        cls = CONFIG_MAPPING[name]
        for attribute in ("text_config", "decoder"):
            sub = getattr(cls, "sub_configs", {}).get(attribute)
            if sub is not None and class_key(sub) not in facts and class_key(sub):
                facts[class_key(sub)] = describe(class_key(sub), sub)
    lines = ",\n".join(f" {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in facts.items())
    print("{\n" + lines + "\n}")
    print(len(facts), "classes", file=sys.stderr)


main()
