"""The lines that decide, drawn as line_rules.json says, each with the pairs it lies between and what it is worth on families left out."""
import json
import math
import pathlib

import lines

STATED = ("theory", "exact-null")  # not drawn from pairs
RULES = json.loads((pathlib.Path(__file__).resolve().parent / "line_rules.json").read_text())["lines"]


def chosen(pair, selector):
    """A pair belongs to a side if every condition of the side holds; a side without conditions has no pairs."""
    return bool(selector) and (
        ("expected" not in selector or pair["expected"] in selector["expected"])
        and ("labels" not in selector or pair["label"] in selector["labels"])
        and ("transforms" not in selector or bool(set(pair["transforms"]) & set(selector["transforms"])))
        and not set(pair["transforms"]) & set(selector.get("without", [])))


def side(pairs, rule, name):
    """[(number, pair)] of one side, ascending: the largest of the measures of the rule; pairs without any are left out."""
    found = []
    for pair in pairs:
        values = [pair["measures"].get(measure) for measure in rule["measures"]]
        values = [value for value in values if value is not None]
        if values and chosen(pair, rule[name]):
            found.append((max(values), pair))
    return sorted(found, key=lambda entry: (entry[0], entry[1]["a"], entry[1]["b"]))


def gap(rule, below, above):
    """The interval that the line is drawn in, or None where a side has nothing to say.

    Pairs of the upper side that do not lie above the lower side are not seen by this number and count as errors of the line.
    """
    if not below or not above:
        return None
    bound = below[-1]
    if rule == "widest-gap":
        bound = max(bound, lines.LEAST_BOUND)
    seen = [value for value in above if value > bound]
    if not seen:
        return None
    if rule == "widest-gap":
        return max(zip([bound, *seen], seen), key=lambda pair: pair[1] / pair[0])
    return bound, seen[0]


def value_of(rule, below, above):
    """(line, whether pairs drew it). Four digits: more would pretend to a sharpness that the pairs do not have."""
    found = None if rule["rule"] in STATED else gap(rule["rule"], [entry[0] for entry in below], [entry[0] for entry in above])
    if found is None or (rule["rule"] != "midpoint" and found[0] <= 0):
        return rule["theory"], False
    value = sum(found) / 2 if rule["rule"] == "midpoint" else math.sqrt(found[0] * found[1])
    return max(float(f"{value:.4g}"), rule.get("least", -math.inf)), True


def nearest(entry):
    return {"value": entry[0], "a": entry[1]["a"], "b": entry[1]["b"]} if entry else {"value": None, "a": "", "b": ""}


def errors(value, below, above):
    """Pairs on each side, and how many lie on the wrong side of the line."""
    return {"below": len(below), "below_wrong": sum(entry[0] >= value for entry in below),
            "above": len(above), "above_wrong": sum(entry[0] < value for entry in above)}


def hold_out(pairs, rule):
    """For each family: the line drawn without every pair that touches it, and its errors on those pairs."""
    rows = []
    for family in sorted({family for pair in pairs for family in pair["families"]}):
        rest = lines.without(pairs, [family])
        value, from_data = value_of(rule, side(rest, rule, "below"), side(rest, rule, "above"))
        held = lines.touching(pairs, family)
        row = errors(value, side(held, rule, "below"), side(held, rule, "above"))
        if row["below"] + row["above"]:
            rows.append({"family": family, "value": value, "from_data": from_data} | row)
    return rows


def draw(pairs, rule):
    """One line with everything that the table says of it."""
    below, above = side(pairs, rule, "below"), side(pairs, rule, "above")
    value, from_data = value_of(rule, below, above)
    beyond = [entry for entry in above if entry[0] >= value]
    return {"name": rule["name"], "rule": rule["rule"], "measures": rule["measures"], "value": value, "from_data": from_data,
            "reason": rule["reason"], "room": rule.get("room", "verdict"), "worst_below": nearest(below[-1] if below else None),
            "best_above": nearest(beyond[0] if beyond else None), **errors(value, below, above),
            "held": hold_out(pairs, rule)}


def draw_all(pairs, rules=None):
    return [draw(pairs, rule) for rule in (RULES if rules is None else rules)]
