#!/usr/bin/env python3
"""The lineage of a scan has the keys of that of a comparison: one_lineage.py COMPARE_SCHEMA SCAN_SCHEMA."""
import json
import pathlib
import sys


def main():
    compare, scan = (json.loads(pathlib.Path(path).read_text()) for path in sys.argv[1:])
    theirs = {**compare["$defs"], "lineage": {**compare["properties"]["lineage"]}}
    del theirs["lineage"]["description"]  # a sentence about its place
    different = [name for name, node in scan["$defs"].items() if theirs.get(name) != node]
    print("\n".join(f"{name}: not as in compare" for name in different) or f"{len(scan['$defs'])} definitions are equal")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
