"""The models of tests/zoo are the ones that truth.json describes: same folders, same files, same digests."""
import hashlib
import json

import rule


def violations(root):
    zoo = root / "tests/zoo"
    described = {model["name"]: model["sha256"] for model in json.loads((zoo / "truth.json").read_text())["models"]}
    for name in sorted({path.name for path in zoo.iterdir() if path.is_dir()} ^ described.keys()):
        yield f"{name}: a folder without a description, or the reverse"
    for name, digests in described.items():
        for file, digest in digests.items():
            path = zoo / name / file
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                yield f"{name}/{file}: missing or changed"


if __name__ == "__main__":
    rule.main(violations)
