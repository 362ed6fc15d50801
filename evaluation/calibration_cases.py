"""What lines are drawn from besides pairs: models taken apart by `decompose`, and pairs of fingerprints.

A case has the facts of a pair. Of a model that was taken apart: `a` is the child, `b` empty, `expected` is `merge` or `other`, `label` and
`transforms` tell how the child was made. Of a candidate that was looked at on the way: `b` is its name, `expected` `candidate`, `label`
`parent`, `descendant`, `common-start` or `no-parent`. Of two fingerprints: the facts of their pair, where the evaluation does not run it.
"""
import pathlib
import tempfile

import merges


def true_pairs(zoo):
    """{(set, name, name): pair}, in either order."""
    return {(pair.set, *names): pair for pair in zoo.pairs for names in ((pair.a, pair.b), (pair.b, pair.a))}


def is_ancestor(zoo, old, young):
    """Whether `old` is among the parents of `young`, or of one of them."""
    return any(parent == old.name or is_ancestor(zoo, old, zoo.models[young.set, parent])
               for parent in young.parents if (young.set, parent) in zoo.models)


def label_of_candidate(zoo, pairs, relations, child, candidate):
    if candidate.name in child.parents and child.facts.get("relation") not in relations["shared_labels"]:
        return "parent"
    if is_ancestor(zoo, child, candidate):
        return "descendant"
    pair = pairs.get((child.set, child.name, candidate.name))
    return "common-start" if pair and pair.expected(relations) == "shared" else "no-parent"


def children(zoo):
    """Merges, and trained models that have candidates of their shape."""
    return [model for _, model in sorted(zoo.models.items()) if model.path and model.parents
            and (model.facts.get("relation") == "merged" or model.facts.get("kind") == "trained")
            and len(merges.candidates(zoo, model)) > 1]


def roots(zoo):
    """Models that others were made from: seen as a child of their descendants."""
    return [model for key, model in sorted(zoo.models.items()) if model.path and not model.parents
            and sum(model.name in other.parents and other.facts.get("kind") == "trained" and other.set == key[0]
                    for other in zoo.models.values()) > 2]


def alike(zoo, root):
    shape = ("arch", "hidden", "layers", "tokenizer")
    return [model for key, model in sorted(zoo.models.items()) if key[0] == root.set and model.path and model.name != root.name
            and model.facts.get("kind") == "trained" and all(model.facts.get(fact) == root.facts.get(fact) for fact in shape)]


def taken_apart(zoo, tool, relations):
    """One case a child, with the root as base and without one, and one a candidate that the selection looked at."""
    pairs = true_pairs(zoo)
    wanted = []
    for child in children(zoo):
        models = merges.candidates(zoo, child)
        base = merges.base_of(zoo, models)
        wanted += [(child, models, base), (child, models, None)] if base else [(child, models, None)]
    wanted += [(root, alike(zoo, root), None) for root in roots(zoo)]

    def one(entry):
        child, models, base = entry
        others = [model for model in models if model is not base]
        return tool.run("decompose", child.path, *(["--base", base.path] if base else []), *(model.path for model in others))[0]

    cases = []

    def add(case):
        if case not in cases:  # a child that shows the same with and without a base is one case
            cases.append(case)

    for (child, models, _), report in zip(wanted, tool.map(one, wanted)):
        if report is None:
            continue
        family = zoo.family((child.set, child.name))
        merged = child.facts.get("relation") == "merged"
        transforms = list(child.facts.get("transforms") or [])
        label = child.facts.get("relation", "") if child.parents else "base"
        add({"a": child.name, "b": "", "label": label, "expected": "merge" if merged else "other", "families": [family, family],
                      "transforms": transforms, "measures": report["measures"], "z": {}})
        by_path = {str(model.path): model for model in models}
        for step in report["steps"]:
            for path, gain in ((step["model"], step["explained"]), (step["runner_up"], step["runner_up_explained"])):
                if path is None or (path == step["runner_up"] and step["accepted"]):
                    continue  # a runner-up beside an accepted step is looked at again
                candidate = by_path[path]
                add({"a": child.name, "b": candidate.name, "expected": "candidate", "transforms": transforms,
                     "label": label_of_candidate(zoo, pairs, relations, child, candidate),
                     "families": [family, zoo.family((candidate.set, candidate.name))], "measures": {"candidate_gain": gain}, "z": {}})
    return cases


def add_fingerprints(zoo, tool, outcomes, relations):
    """Gives each pair what its two fingerprints show, and returns a case for each other pair of them.

    One database of all models, each of which is then looked up.
    """
    cases = []
    sets = sorted({outcome["set"] for outcome in outcomes})
    with tempfile.TemporaryDirectory() as folder:
        for name in sets:
            chosen = {outcome[end] for outcome in outcomes if outcome["set"] == name for end in ("a", "b")}
            models = [model for key, model in sorted(zoo.models.items()) if key[0] == name and model.path and key[1] in chosen]
            database = pathlib.Path(folder) / f"{name}.db"
            for model in models:  # one after the other: a model that cannot be read stops no other
                tool.run("db", "add", "--db", database, "--id", model.name, model.path)

            def look_up(model, database=database, count=len(models)):
                return tool.run("scan", model.path, "--db", database, "--top-k", count, "--threshold", 0, "--depth", "fast")[0]

            found = {}
            for model, report in zip(models, tool.map(look_up, models)):
                for match in report["matches"] if report else []:
                    measures = (match.get("lineage") or {}).get("measures") or {}
                    found[frozenset((model.name, match["model_id"]))] = measures.get("sample_cosine")
            for outcome in outcomes:
                if outcome["set"] == name and outcome["status"] == "decided":
                    outcome["measures"]["sample_cosine"] = found.get(frozenset((outcome["a"], outcome["b"])))
            judged = {frozenset((outcome["a"], outcome["b"])) for outcome in outcomes if outcome["set"] == name}
            for pair in zoo.pairs:
                ends = frozenset((pair.a, pair.b))
                if pair.set != name or ends in judged or found.get(ends) is None:
                    continue
                cases.append({"a": pair.a, "b": pair.b, "label": pair.label, "expected": pair.expected(relations),
                              "families": [zoo.family((name, end)) for end in (pair.a, pair.b)], "transforms": pair.transforms,
                              "measures": {"sample_cosine": found[ends]}, "z": {}})
    return cases
