"""Each .cpp file is named in a CMakeLists.txt of its folder or one above: a forgotten file would be neither built nor run."""
import rule


def violations(root):
    for top in ("src", "tests", "bench", "fuzz"):
        for path in rule.files(root, top):
            if path.suffix != ".cpp" or "install" in path.parts:
                continue
            folder, listed = path.parent, False
            while folder != root and not listed:
                lists = folder / "CMakeLists.txt"
                words = lists.read_text().replace("(", " ").replace(")", " ").split() if lists.exists() else []
                name = path.relative_to(folder)
                listed = str(name) in words or str(name.with_suffix("")) in words
                folder = folder.parent
            if not listed:
                yield f"{path.relative_to(root)}: in no CMakeLists.txt"


if __name__ == "__main__":
    rule.main(violations)
