"""CMakeLists.txt, the public header and the newest changelog heading name one version."""
import re

import rule

PLACES = {
    "CMakeLists.txt": r"project\(provenancekit VERSION ([\d.]+)",
    "include/provenancekit/version.hpp": r'kVersion = "([\d.]+)"',
    "CHANGELOG.md": r"^## \[([\d.]+)\]",
}


def violations(root):
    versions = {}
    for name, pattern in PLACES.items():
        match = re.search(pattern, (root / name).read_text(), re.MULTILINE)
        versions[name] = match[1] if match else "none"
    if len(set(versions.values())) != 1 or "none" in versions.values():
        yield "versions differ: " + ", ".join(f"{name} {version}" for name, version in versions.items())


if __name__ == "__main__":
    rule.main(violations)
