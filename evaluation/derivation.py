"""Makes the derived models of a zoo once, by the zoo's own derive.py, and makes them again only when something changed.

A model is reused while derive.py, its recipe, the files of all models it names and the version of numpy are the same.
"""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

NEEDS = {"gguf": "gguf", "torch_bin": "torch"}


def digest_of_folder(folder):
    total = hashlib.sha256()
    for file in sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file()):
        total.update(f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def words(value):
    """All strings anywhere in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield key
            yield from words(child)
    elif isinstance(value, list):
        for child in value:
            yield from words(child)


def version_of(python, module):
    """The version of a module as that Python sees it, or None."""
    code = f"import {module}; print(getattr({module}, '__version__', 'unknown'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


class Derivation:
    """One set of recipes: `make()` brings the folder up to date and tells the zoo where each model lies."""

    def __init__(self, zoo, set_name, recipes_file, out, python):
        self.zoo, self.set, self.recipes_file, self.out, self.python = zoo, set_name, recipes_file, out, python
        self.script = zoo.folder / "derive.py"
        self.recipes = {recipe["name"]: recipe for recipe in json.loads(recipes_file.read_text(encoding="utf-8"))}
        self.modules = {module: version_of(python, module) for module in ("numpy", *NEEDS.values())}
        self.digests = {}

    def lacking(self, recipe):
        """The module that this recipe needs and that cannot be imported, or None."""
        found = set(words(recipe["ops"]))
        needed = ["numpy"] + [module for option, module in NEEDS.items() if option in found]
        return next((module for module in needed if self.modules[module] is None), None)

    def digest(self, name):
        """Of everything that goes into a model, recipes and trained models alike."""
        if name not in self.digests:
            recipe = self.recipes.get(name)
            if recipe is None:
                self.digests[name] = digest_of_folder(self.zoo.models[self.set, name].path)
            else:
                sources = {word for word in words([recipe["parents"], recipe["ops"]])
                           if word != name and (word in self.recipes or (self.set, word) in self.zoo.models)}
                parts = [json.dumps(recipe, sort_keys=True), digest_of_file(self.script), json.dumps(self.modules),
                         *(self.digest(source) for source in sorted(sources))]
                self.digests[name] = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        return self.digests[name]

    def make(self):
        """Runs derive.py for what is stale. Yields a sentence for each model that is left out."""
        stamps = self.out / "_stamps"
        stamps.mkdir(parents=True, exist_ok=True)
        stale, usable = [], []
        for name, recipe in self.recipes.items():
            if (self.set, name) not in self.zoo.models:
                continue
            if module := self.lacking(recipe):
                self.zoo.place((self.set, name), None, f"its recipe needs the Python module {module}")
                yield f"left out: {name}: its recipe needs the Python module {module}"
                continue
            usable.append(name)
            stamp = stamps / name
            if not (self.out / name).is_dir() or not stamp.is_file() or stamp.read_text() != self.digest(name):
                stamp.unlink(missing_ok=True)
                shutil.rmtree(self.out / name, ignore_errors=True)
                stale.append(name)
        if stale:
            print(f"deriving {len(stale)} models into {self.out}", file=sys.stderr)
            # derive.py looks for parents in FOLDER/*/NAME.
            folder = self.zoo.folder if (self.zoo.folder / self.set).is_dir() and self.set else self.zoo.folder.parent
            subprocess.run([self.python, self.script, folder, self.out, self.recipes_file, *stale], check=True,
                           stdout=subprocess.DEVNULL)
            for name in stale:
                (stamps / name).write_text(self.digest(name))
        for name in usable:
            self.zoo.place((self.set, name), self.out / name)


def digest_of_file(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def place_ready_made(zoo, folder):
    """Uses derived models that somebody made before: FOLDER/<name>, or FOLDER/<set>/<name>."""
    for key, model in list(zoo.models.items()):
        if model.path is None:
            places = [pathlib.Path(folder) / model.set / model.name, pathlib.Path(folder) / model.name]
            if path := next((place for place in places if place.is_dir()), None):
                zoo.place(key, path)


def derive_all(zoo, build, python):
    """Brings all derived models up to date; returns a sentence for each one left out."""
    left_out = []
    if (zoo.folder / "derive.py").is_file():
        for name in zoo.sets:
            file = zoo.folder / (f"recipes-{name}.json" if name else "recipes.json")
            if file.is_file():
                out = pathlib.Path(build) / "derived" / (name or "all")
                left_out += Derivation(zoo, name, file, out, python).make()
    return left_out
