"""Code files aim at 150 lines, are questioned at 300 (printed) and stop at 500; tables (*_table.cpp) are exempt."""
import rule

QUESTION, STOP = 300, 500


def violations(root):
    for path in filter(rule.is_code, rule.files(root)):
        if path.stem.endswith("_table"):
            continue
        count = len(rule.lines(path))
        if count > STOP:
            yield f"{path.relative_to(root)}: {count} lines, more than {STOP}"
        elif count > QUESTION:
            print(f"question: {path.relative_to(root)} has {count} lines; is there a boundary in it?")


if __name__ == "__main__":
    rule.main(violations)
