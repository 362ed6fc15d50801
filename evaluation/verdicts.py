"""Judges one answer of the program by the truth: class, kind, direction."""
import selection
import tool as program

REVERSED = {"a->b": "b->a", "b->a": "a->b"}


def truth_kinds(pair, relations):
    """(kinds that are right as `relation`, all kinds of the chain). Of a laundered chain the laundering steps count."""
    of_transform = relations["kinds_of_transform"]
    steps = [of_transform[step] for step in pair.transforms if step in of_transform]
    label = relations["kinds_of_label"][pair.label]
    if pair.label == "laundered":
        laundering = pair.transforms[pair.transforms.index("laundered") + 1:] if "laundered" in pair.transforms else []
        found = {kind for step in laundering if step in of_transform for kind in of_transform[step]}
        main = next(({kind} for kind in relations["drastic_order"] if kind in found), set(label))
        main |= {"identical"} if main == {"re-packaged"} else set()
    elif not pair.facts.get("same_tokenizer", True) and pair.label in relations["kinds_of_label_with_other_tokenizer"]:
        main = set(relations["kinds_of_label_with_other_tokenizer"][pair.label])
    else:
        main = set(label)
    return main, main.union(*steps)


def unknown_words(pairs, relations):
    """Labels and transforms of the truth that relations.json does not know: an unknown label cannot be judged."""
    labels = {pair.label for pair in pairs} - relations["kinds_of_label"].keys()
    known = relations["kinds_of_transform"].keys() | set(relations["transforms_without_kind"])
    return sorted(labels), sorted({step for pair in pairs for step in pair.transforms} - known)


def judge_direction(pair, said):
    """right, wrong, undetermined; where the truth has none: silent or claimed."""
    if pair.true_direction is None:
        return "silent" if said == "undetermined" else "claimed"
    return "undetermined" if said == "undetermined" else "right" if said == pair.true_direction else "wrong"


def judge(pair, report, message, seconds, unreadable, relations):
    """One line of the report: the truth, what the program said, and what that is worth."""
    outcome = {"set": pair.set, "a": pair.a, "b": pair.b, "label": pair.label, "core": pair.core,
               "expected": pair.expected(relations), "transforms": pair.transforms, "true_direction": pair.true_direction,
               "swapped": selection.swapped(pair), "seconds": round(seconds, 3)}
    if report is None:
        return outcome | {"status": "unreadable" if unreadable else "failed", "message": message}
    lineage = report["lineage"]
    if unreadable and lineage["class"] == "inconclusive":
        return outcome | {"status": "unreadable", "message": unreadable}
    said = lineage["direction"]
    if outcome["swapped"]:
        said = REVERSED.get(said, said)
    main, chain = truth_kinds(pair, relations)
    operations = [operation["kind"] for operation in lineage.get("operations") or []]
    named = {lineage["relation"] or "", *operations}
    return outcome | {
        "status": "decided", "class": lineage["class"], "relation": lineage["relation"], "operations": operations,
        "direction": said, "direction_result": judge_direction(pair, said), "probability": lineage["probability"],
        "score": program.score(lineage), "right": is_right(outcome["expected"], lineage["class"], relations),
        "kinds": sorted(main), "kind_right": lineage["relation"] in main, "kind_named": bool(named & chain),
        "forged": any(step in relations["forgeries"] for step in pair.transforms),
        "conflicts": lineage["conflicts"], "reasons": lineage["reasons"],
        "measures": lineage.get("measures") or {},
        "evidence": [{key: entry.get(key) for key in ("test", "value", "z", "log10_p")} for entry in lineage["evidence"]
                     if entry.get("value") is not None or entry.get("z") is not None]}


def is_right(expected, said, relations):
    """Right class for what was expected; `inconclusive` is right for nothing."""
    if expected == "positive":
        return said in relations["positive_classes"]
    return said in relations["shared_classes"] if expected == "shared" else said == "independent"
