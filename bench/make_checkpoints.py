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
import typing

import numpy

VOCABULARY = 32000
BLOCK = 1 << 24  # values made at a time


class Size(typing.NamedTuple):
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    mlp: int


SIZES = {"1b": Size(2048, 22, 32, 4, 5632), "3b": Size(3072, 28, 24, 8, 8192), "7b": Size(4096, 32, 32, 32, 11008)}


def config(size):
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "bfloat16", "hidden_act": "silu",
        "hidden_size": size.hidden, "intermediate_size": size.mlp, "num_hidden_layers": size.layers, "num_attention_heads": size.heads,
        "num_key_value_heads": size.kv_heads, "vocab_size": VOCABULARY, "max_position_embeddings": 2048, "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0, "tie_word_embeddings": False, "bos_token_id": 1, "eos_token_id": 2,
    }


def shapes(size):
    """Name and shape of each tensor, in the order of the names, as usual writers store them."""
    hidden, mlp, kv = size.hidden, size.mlp, size.hidden // size.heads * size.kv_heads
    found = {"model.embed_tokens.weight": (VOCABULARY, hidden), "lm_head.weight": (VOCABULARY, hidden),
             "model.norm.weight": (hidden,)}
    for layer in range(size.layers):
        prefix = f"model.layers.{layer}."
        found |= {prefix + "input_layernorm.weight": (hidden,), prefix + "post_attention_layernorm.weight": (hidden,),
                  prefix + "self_attn.q_proj.weight": (hidden, hidden), prefix + "self_attn.k_proj.weight": (kv, hidden),
                  prefix + "self_attn.v_proj.weight": (kv, hidden), prefix + "self_attn.o_proj.weight": (hidden, hidden),
                  prefix + "mlp.gate_proj.weight": (mlp, hidden), prefix + "mlp.up_proj.weight": (mlp, hidden),
                  prefix + "mlp.down_proj.weight": (hidden, mlp)}
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


def write_weights(out, size, sides, seed):
    """The second of two sides is the first plus noise."""
    random = numpy.random.default_rng(seed)
    tensors = shapes(size)
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


def write_small_files(tokenizer_folder, folder, size):
    tokenizer = grow(json.loads((tokenizer_folder / "tokenizer.json").read_text()))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config(size), indent=2))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))
    (folder / "tokenizer_config.json").write_text((tokenizer_folder / "tokenizer_config.json").read_text())


def make(tokenizer_folder, out, size, sides, seed, complete):
    if complete.exists():
        return
    for side in sides:
        write_small_files(tokenizer_folder, out / side, size)
    write_weights(out, size, sides, seed)
    complete.touch()


def main():
    tokenizer_folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    name = sys.argv[3] if len(sys.argv) > 3 else "1b"
    make(tokenizer_folder, out, SIZES[name], "ab", 1, out / "complete")
    if name == "3b":
        make(tokenizer_folder, out, SIZES[name], "c", 2, out / "c" / "complete")


if __name__ == "__main__":
    main()
