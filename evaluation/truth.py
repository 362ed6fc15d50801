"""The truth of a zoo: which models there are, where they lie, and how each pair is really related.

Format: docs/evaluation.md. A truth file that lacks a needed key, or a pair that names an unknown model, is an error.
"""
import dataclasses
import json
import pathlib

EXPECTED = ("positive", "shared", "negative")


@dataclasses.dataclass(frozen=True)
class Model:
    """One model of the truth. `path` is None where its files are not there; `missing` then says why."""
    set: str
    name: str
    parents: tuple
    facts: dict
    path: pathlib.Path | None = None
    missing: str = ""


@dataclasses.dataclass(frozen=True)
class Pair:
    """A pair in the order of the truth: direction a->b means that b was made from a."""
    set: str
    a: str
    b: str
    label: str
    facts: dict

    @property
    def key(self):
        return f"{self.set}/{self.a}/{self.b}"

    @property
    def core(self):
        return bool(self.facts.get("core", True))

    @property
    def transforms(self):
        return list(self.facts.get("transforms") or [])

    @property
    def true_direction(self):
        """a->b, or None where neither comes from the other or equal weights hide which does."""
        if self.facts.get("direction") != "a->b" or self.facts.get("direction_observable") is False:
            return None
        return "a->b"

    def expected(self, relations):
        """What a right verdict must be: positive, shared (a common start only) or negative."""
        if self.label in relations["shared_labels"]:
            return "shared"
        return "positive" if self.facts["derived"] or self.facts["weights_shared"] else "negative"


class Zoo:
    """All models and pairs of a folder. Names are unique within a set only, so keys are (set, name)."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        files = sorted(self.folder.glob("truth-*.json")) or sorted(self.folder.glob("truth.json"))
        if not files:
            raise ValueError(f"{folder}: no truth.json and no truth-*.json")
        self.models, self.pairs, self.sets = {}, [], []
        for file in files:
            self._read(file)

    def _read(self, file):
        truth = json.loads(file.read_text(encoding="utf-8"))
        name = file.stem.removeprefix("truth-") if file.stem != "truth" else ""
        self.sets.append(name)
        for facts in truth["models"]:
            folders = [self.folder / name / facts["name"], self.folder / facts["name"]]
            path = next((folder for folder in folders if folder.is_dir()), None)
            self.models[name, facts["name"]] = Model(name, facts["name"], tuple(facts.get("parents") or ()), facts, path,
                                                     "" if path else "no folder of this name")
        for facts in truth["pairs"]:
            for end in (facts["a"], facts["b"]):
                if (name, end) not in self.models:
                    raise ValueError(f"{file}: a pair names the unknown model {end}")
            self.pairs.append(Pair(name, facts["a"], facts["b"], facts["label"], facts))

    def place(self, key, path=None, missing=""):
        """Says where a derived model lies, or why it does not."""
        self.models[key] = dataclasses.replace(self.models[key], path=path, missing=missing)

    def available(self, pair):
        return all(self.models[pair.set, name].path for name in (pair.a, pair.b))

    def root(self, key):
        """The model that was trained from nothing at the start of the first line of parents."""
        seen = set()
        while self.models[key].parents and key not in seen and (key[0], self.models[key].parents[0]) in self.models:
            seen.add(key)
            key = key[0], self.models[key].parents[0]
        return key

    def family(self, key):
        """The family of the root: its name up to the first hyphen, for example llama."""
        return self.root(key)[1].split("-")[0]
