#!/usr/bin/env python3
"""Makes llama-shaped bf16 checkpoints of 1.1 or 3 billion parameters: a, b, which is a plus a little noise, and (3b only) c, a stranger.

usage: make_checkpoints.py TOKENIZER_FOLDER OUT [1b|3b]

OUT/a, OUT/b and OUT/c get config.json, tokenizer.json, tokenizer_config.json and model.safetensors (2.2 or 6 GB each). Values are normal
with the usual deviation of trained models, embedding rows differ in length as those of frequent and rare tokens do. The
tokenizer is the given byte-level BPE, grown to 32000 tokens by further merges. Seeded: a second run gives the same bytes.
What OUT has already, by its files `complete` and c/complete, stays.
"""
import contextlib
import itertools
import json
import pathlib
import sys

import numpy

SIZES = {"1b": (2048, 22, 32, 4, 5632), "3b": (3072, 28, 24, 8, 8192)}
SIZE = sys.argv[3] if len(sys.argv) > 3 else "1b"
HIDDEN, LAYERS, HEADS, KV_HEADS, MLP = SIZES[SIZE]
VOCABULARY = 32000
CONFIG = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "bfloat16", "hidden_act": "silu",
    "hidden_size": HIDDEN, "intermediate_size": MLP, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
    "num_key_value_heads": KV_HEADS, "vocab_size": VOCABULARY, "max_position_embeddings": 2048, "rms_norm_eps": 1e-05,
    "rope_theta": 10000.0, "tie_word_embeddings": False, "bos_token_id": 1, "eos_token_id": 2,
}
BLOCK = 1 << 24  # values made at a time


def shapes():
    """Name and shape of each tensor, in the order of the names, as usual writers store them."""
    kv = HIDDEN // HEADS * KV_HEADS
    found = {"model.embed_tokens.weight": (VOCABULARY, HIDDEN), "lm_head.weight": (VOCABULARY, HIDDEN),
             "model.norm.weight": (HIDDEN,)}
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        found |= {prefix + "input_layernorm.weight": (HIDDEN,), prefix + "post_attention_layernorm.weight": (HIDDEN,),
                  prefix + "self_attn.q_proj.weight": (HIDDEN, HIDDEN), prefix + "self_attn.k_proj.weight": (kv, HIDDEN),
                  prefix + "self_attn.v_proj.weight": (kv, HIDDEN), prefix + "self_attn.o_proj.weight": (HIDDEN, HIDDEN),
                  prefix + "mlp.gate_proj.weight": (MLP, HIDDEN), prefix + "mlp.up_proj.weight": (MLP, HIDDEN),
                  prefix + "mlp.down_proj.weight": (HIDDEN, MLP)}
    return sorted(found.items())


def header_of(tensors):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in tensors:
        size = 2 * int(numpy.prod(shape))
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def bf16(values):
    """The upper halves of the floats, rounded to nearest, ties to even."""
    bits = values.view(numpy.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def write_weights(out, sides, seed):
    """The second of two sides is the first plus noise."""
    random = numpy.random.default_rng(seed)
    tensors = shapes()
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(open(out / side / "model.safetensors", "wb")) for side in sides]
        for file in files:
            file.write(header_of(tensors))
        for name, shape in tensors:
            columns = shape[-1]
            rows = shape[0] if len(shape) == 2 else 1
            for first in range(0, rows, BLOCK // columns):
                count = min(BLOCK // columns, rows - first)
                values = random.standard_normal((count, columns), dtype=numpy.float32) * numpy.float32(0.02)
                if "embed" in name or "lm_head" in name:
                    values *= random.lognormal(0, 0.3, (count, 1)).astype(numpy.float32)
                if len(shape) == 1:
                    values += 1
                files[0].write(bf16(values).tobytes())
                for file in files[1:]:
                    noise = random.standard_normal((count, columns), dtype=numpy.float32) * numpy.float32(0.0005)
                    file.write(bf16(values + noise).tobytes())


def grow(tokenizer):
    """Joins pairs of tokens to new tokens until the vocabulary is full; each has the merge that makes it."""
    vocabulary, merges = tokenizer["model"]["vocab"], tokenizer["model"]["merges"]
    specials = {token["content"] for token in tokenizer["added_tokens"]}
    plain = [token for token in vocabulary if token not in specials]
    paired = merges and isinstance(merges[0], list)
    for left, right in itertools.product(plain[:400:-1], plain[256:]):
        if len(vocabulary) >= VOCABULARY:
            break
        if left + right not in vocabulary:
            vocabulary[left + right] = len(vocabulary)
            merges.append([left, right] if paired else f"{left} {right}")
    return tokenizer


def make(tokenizer_folder, out, sides, seed, complete):
    if complete.exists():
        return
    tokenizer = grow(json.loads((tokenizer_folder / "tokenizer.json").read_text()))
    for side in sides:
        (out / side).mkdir(parents=True, exist_ok=True)
        (out / side / "config.json").write_text(json.dumps(CONFIG, indent=2))
        (out / side / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))
        (out / side / "tokenizer_config.json").write_text((tokenizer_folder / "tokenizer_config.json").read_text())
    write_weights(out, sides, seed)
    complete.touch()


def main():
    tokenizer_folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    make(tokenizer_folder, out, "ab", 1, out / "complete")
    if SIZE == "3b":
        make(tokenizer_folder, out, "c", 2, out / "c" / "complete")


if __name__ == "__main__":
    main()
