"""How the tests run the program: TOOL in the environment names it."""
import json
import os
import pathlib
import subprocess

TOOL = os.environ["TOOL"]
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
ZOO = REPOSITORY / "tests/zoo"
TIMEOUT = 120  # seconds; a hang is a failure, not a wait


def environment(**more):
    return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", **more}


def run(*arguments, **options):
    """The finished process, output as bytes; keyword env replaces the environment."""
    options.setdefault("env", environment())
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([TOOL, *map(os.fspath, arguments)], capture_output=True, timeout=TIMEOUT, **options)


def sparse_model(folder, gibibytes):
    """A checkpoint of zeros that takes long to read and no space on the disk."""
    folder.mkdir()
    rows, columns, layers = 65536, 8192, gibibytes  # one GiB of BF16 a tensor
    size = rows * columns * 2
    header = {
        f"model.layers.{layer}.mlp.up_proj.weight": {
            "dtype": "BF16", "shape": [rows, columns], "data_offsets": [layer * size, (layer + 1) * size]
        } for layer in range(layers)
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + layers * size)
    return folder
