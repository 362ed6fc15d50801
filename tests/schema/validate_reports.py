#!/usr/bin/env python3
"""Validates JSON reports against their schema: validate_reports.py SCHEMA REPORT...

Also checks the schema itself: it is valid, it describes every key, and it can fail.
"""
import copy
import json
import pathlib
import sys

import jsonschema


def properties(node):
    """Every named property of a schema, with its description of its own."""
    if isinstance(node, dict):
        for name, child in node.get("properties", {}).items():
            yield name, child
        for child in node.values():
            yield from properties(child)
    elif isinstance(node, list):
        for child in node:
            yield from properties(child)


# By command: places in a report and values that do not belong there, and a key that must not be missing.
SPOILS = {
    "compare": ("lineage", (
        (("lineage", "class"), "related"),
        (("lineage", "reasons"), []),
        (("lineage", "direction"), "a to b"),
        (("signals", "eas"), "0.5"),
        (("schema_version",), 2),
        (("models", "a", "tensors"), -1),
        (("scores", "surprise"), 1),
    )),
    "decompose": ("operator", (
        (("operator",), "average"),
        (("reasons",), []),
        (("t",), "0.5"),
        (("gain",), 1.5),
        (("schema_version",), 2),
        (("candidates", 0, "status"), "sibling"),
        (("candidates", 0, "model", "tensors"), -1),
        (("candidates",), []),
        (("surprise",), 1),
    )),
    "scan": ("database", (
        (("model_info", "param_bucket"), "2B"),
        (("model_info", "num_parameters"), 0),
        (("matches",), [{}]),
        (("match_count",), -1),
        (("database", "damaged"), [""]),
        (("database", "records"), "152"),
        (("model", "notes"), None),
        (("schema_version",), 2),
        (("surprise",), 1),
    )),
    "db": ("tool_version", (
        (("schema_version",), 2),
        (("tool_version",), 1),
        (("surprise",), 1),
    )),
}


def spoiled(report, command):
    """Copies of a valid report, each wrong in one way."""
    needed, spoils = SPOILS[command]
    for path, value in spoils:
        wrong = copy.deepcopy(report)
        target = wrong
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value
        yield ".".join(map(str, path)), wrong
    wrong = copy.deepcopy(report)
    del wrong[needed]
    yield f"no {needed}", wrong


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    command = schema["$id"].split(":")[-2]
    failures = [f"{name}: no description" for name, child in properties(schema) if not child.get("description")]
    validator = jsonschema.Draft202012Validator(schema)
    if not sys.argv[2:]:
        failures.append("no reports given")
    for path in sys.argv[2:]:
        report = json.loads(pathlib.Path(path).read_text())
        failures += [f"{path}: {error.json_path}: {error.message}" for error in validator.iter_errors(report)]
        failures += [f"{path}: accepted although wrong: {what}" for what, wrong in spoiled(report, command) if validator.is_valid(wrong)]
    print("\n".join(failures) or f"{len(sys.argv) - 2} reports are valid")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
