"""Files that torch.save and transformers write, and the tensors that torch.load gives back."""
import json

import torch

FLOAT8 = (torch.float8_e4m3fn, torch.float8_e5m2)


def tensors(more=FLOAT8):
    """Views, shared storages, tied names, every dtype that weights have; legacy files cannot hold 8-bit floats."""
    numbers = torch.arange(48, dtype=torch.float32).reshape(6, 8) / 7
    tall = torch.linspace(-1, 1, 64).reshape(8, 8)
    state = {"model.embed_tokens.weight": numbers, "lm_head.weight": numbers,  # tied
             "model.layers.0.mlp.up_proj.weight": tall.t(), "model.layers.0.mlp.gate_proj.weight": tall[2:6, 1:7],
             "model.layers.0.mlp.down_proj.weight": tall[:, ::2], "model.layers.0.self_attn.q_proj.weight": tall[1].expand(4, 8)}
    for dtype in (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int8, torch.uint8, *more):
        state[f"model.layers.1.{str(dtype).removeprefix('torch.')}.weight"] = (numbers * 9).to(dtype)
    state["model.layers.2.mlp.up_proj.weight"] = torch.nn.Parameter(tall + 1)
    state["model.norm.weight"] = torch.ones(8)[3:6]
    return state


def loaded(file):
    """As the kit's reader gives them: one name for tensors that are the same, the first."""
    state, seen = torch.load(file, weights_only=False), {}  # newer protocols need that
    state = state.get("state_dict", state)
    for name, tensor in state.items():
        seen.setdefault((tensor.untyped_storage().data_ptr(), tensor.storage_offset(), tensor.shape, tensor.stride()), name)
    return {name: state[name].detach() for name in seen.values()}


def saved(out, case, state, name="pytorch_model.bin", **options):
    (out / case).mkdir(parents=True)
    torch.save(state, out / case / name, **options)
    return case, loaded(out / case / name)


def sharded(out, case):
    folder, state = out / case, tensors()
    del state["lm_head.weight"]
    folder.mkdir(parents=True)
    names, values, where = list(state), {}, {}
    for i in (1, 2):
        file = f"pytorch_model-0000{i}-of-00002.bin"
        part = {name: state[name] for name in names[i - 1::2]}
        torch.save(part, folder / file)
        values |= loaded(folder / file)
        where |= dict.fromkeys(part, file)
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": where}, indent=1) + "\n")
    return case, values


def cases(out):
    legacy = {"_use_new_zipfile_serialization": False}
    yield saved(out, "zip", tensors())
    yield saved(out, "legacy", tensors(()), **legacy)
    yield saved(out, "zip-protocol-4", tensors(), pickle_protocol=4)
    yield saved(out, "zip-protocol-5", tensors(), name="model.pt", pickle_protocol=5)
    yield saved(out, "legacy-protocol-4", tensors(()), name="model.pt", pickle_protocol=4, **legacy)
    layer = torch.nn.Linear(4, 3)
    optimizer = torch.optim.AdamW(layer.parameters())
    layer(torch.ones(4)).sum().backward()
    optimizer.step()
    training = {"epoch": 3, "state_dict": layer.state_dict(), "optimizer": optimizer.state_dict(), "loss": .5}
    yield saved(out, "training", training, name="checkpoint.pt")
    yield saved(out, "training-legacy", training, name="checkpoint.pt", **legacy)
    torch.serialization.set_crc32_options(False)
    yield saved(out, "zip-without-crc", tensors())
    torch.serialization.set_crc32_options(True)
    yield sharded(out, "sharded")
