"""Merges of relatives cannot be told from a pair: `decompose` is given the child and every trained model of its shape."""

LEAST_BASE_WEIGHT = 0.05  # a base that is given is a parent where the fit leaves it a share,
WITH_BASE = {"task-arithmetic", "ties", "dare", "dare-ties"}  # or the operator adds to it


def candidates(zoo, child):
    """Trained models with the architecture, width, depth and tokenizer of the first parent, readable, the child excepted."""
    shape = ("arch", "hidden", "layers", "tokenizer")
    like = zoo.models.get((child.set, child.parents[0]))
    if like is None:
        return []
    return [model for key, model in sorted(zoo.models.items())
            if key[0] == child.set and model.facts.get("kind") == "trained" and model.path and model.name != child.name
            and all(model.facts.get(fact) == like.facts.get(fact) for fact in shape)]


def base_of(zoo, models):
    """The root of most candidates' line: what `--base` would be given. None where no candidate has it as a parent."""
    names = [model.name for model in models]
    children = {name: sum(name in model.parents for model in models) for name in names}
    best = max(names, key=lambda name: (children[name], name), default=None)
    return next((model for model in models if model.name == best and children[best]), None)


def judge(zoo, child, report, names_by_path):
    """Parents named, missed and invented; the largest error of a weight where the truth has weights."""
    found = {names_by_path[term["model"]]: term.get("weight") for term in report["terms"]
             if term["status"] == "parent" or report["operator"] in WITH_BASE
             or abs(term.get("weight") or 0) >= LEAST_BASE_WEIGHT}
    # A merge by layers has no weights, its sources stand in the slices.
    found |= {names_by_path[part["model"]]: None for part in report.get("slices") or [] if part.get("model") in names_by_path}
    true = set(child.parents)
    weights = dict(zip(child.parents, child.facts.get("merge_weights") or []))
    errors = [abs((found.get(name) or 0) - weight) for name, weight in weights.items()]
    operator = (child.facts.get("transforms") or ["unknown"])[0].replace("_", "-")
    return {"child": child.name, "set": child.set, "true_operator": operator, "operator": report["operator"],
            "operator_right": report["operator"] == operator, "parents": sorted(true), "named": sorted(found),
            "missed": sorted(true - found.keys()), "invented": sorted(found.keys() - true),
            "right": set(found) == true, "weights": weights, "largest_weight_error": max(errors, default=None),
            "message": ""}


def evaluate(zoo, tool):
    """One entry for each merged model, or None where the program has no `decompose`."""
    if not tool.has_command("decompose"):
        return None
    children = [model for _, model in sorted(zoo.models.items())
                if model.facts.get("relation") == "merged" and model.path and model.parents]

    def one(child):
        models = candidates(zoo, child)
        base = base_of(zoo, models)
        others = [model for model in models if model is not base]
        arguments = ["decompose", child.path, *(["--base", base.path] if base else []), *(model.path for model in others)]
        report, message, seconds = tool.run(*arguments)
        if report is None:
            return {"child": child.name, "set": child.set, "parents": sorted(child.parents), "right": False,
                    "message": message, "seconds": round(seconds, 3), "largest_weight_error": None}
        names = {str(model.path): model.name for model in models}
        return judge(zoo, child, report, names) | {"seconds": round(seconds, 3), "candidates": len(models)}

    return list(tool.map(one, children))
