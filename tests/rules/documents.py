"""Each signal has docs/signals/<name>.md, each format docs/formats/<name>.md, each renderer a folder of golden files."""
import re

import rule

NOT_A_FORMAT = {"content", "dtype", "ggml_type", "gguf_byte_order", "gguf_cursor", "gguf_metadata", "json_reader", "limits", "tensor_directory"}  # what all formats share


def signals(root):
    """The kit's signals as the public header lists them, and every file of src/signals that declares a similarity."""
    header = root / "include/provenancekit/compare.hpp"
    if header.exists() and (body := re.search(r"struct KitSignals \{(.*?)\}", header.read_text(), re.DOTALL)):
        for members in re.findall(r"std::optional<double> ([^;]+);", body[1]):
            yield from re.findall(r"\w+", members)
    for path in rule.files(root, "src/signals"):
        if path.suffix == ".hpp" and re.search(r"\bsimilarity\(", path.read_text()):
            yield path.stem


def formats(root):
    # The parts of a format lie in a folder of its name.
    return {path.stem for path in rule.files(root, "src/format")
            if path.suffix == ".hpp" and path.parent.name == "format"} - NOT_A_FORMAT


def renderers(root):
    table = root / "src/report/renderers.cpp"
    return re.findall(r'Renderer\{"(\w+)"', table.read_text()) if table.exists() else []


def violations(root):
    for name in sorted(set(signals(root))):
        if not (root / f"docs/signals/{name}.md").is_file():
            yield f"signal {name}: docs/signals/{name}.md is missing"
    for name in sorted(formats(root)):
        if not (root / f"docs/formats/{name}.md").is_file():
            yield f"format {name}: docs/formats/{name}.md is missing"
    for name in renderers(root):
        if not any(rule.files(root, f"tests/golden/{name}")):
            yield f"renderer {name}: no golden file in tests/golden/{name}"


if __name__ == "__main__":
    rule.main(violations)
