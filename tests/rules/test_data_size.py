"""A clone stays small: tests and fuzz corpora at most 25 MB together, the trained models of tests/zoo at most 15 MB."""
import rule

LIMITS = {("tests", "fuzz"): 25_000_000, ("tests/zoo",): 15_000_000}


def violations(root):
    for folders, limit in LIMITS.items():
        size = sum(path.stat().st_size for path in rule.files(root, *folders))
        if size > limit:
            yield f"{' and '.join(folders)}: {size} bytes, more than {limit}"


if __name__ == "__main__":
    rule.main(violations)
