"""docs/lines.md: the lines for people, each with what it lies between and what hold-out by family shows."""
import calibration_source
import summary

HEADS = ["line", "value", "drawn by", "below", "wrong", "highest below", "pair", "above", "wrong", "lowest above", "pair", "held-out wrong"]
HELD_HEADS = ["line", "without", "value", "below", "wrong", "above", "wrong"]

INTRODUCTION = """# The lines that decide

Made by `./dev calibrate` with {tool} from the zoo {zoo} at depth {depth}: {positives} pairs with a common start,
{negatives} pairs of strangers ({selection}), {cases} further cases (models taken apart, fingerprints). Do not edit.
The numbers are in `evaluation/calibration_pairs.json` and `evaluation/calibration_cases.json`, the rules in `evaluation/line_rules.json`, how to read both in [evaluation.md](evaluation.md#calibration).

`exact-null`: from the distribution of the statistic between independent models, whose formula the reason gives. `stated`: by the reason given
below, because theory demands it or because a side has no pairs; the pairs only check it. `wrong` counts pairs
on the other side of the line; above a line they are pairs that this number does not see, for another test or none. The pairs that drew a line say
nothing new of it: only the last column, and the second table, judge lines on families that had no say in them.
"""


def cells(row):
    below, above = row["worst_below"], row["best_above"]
    held = [sum(family[key] for family in row["held"]) for key in ("below_wrong", "below", "above_wrong", "above")]

    def pair(entry):
        return f"{entry['a']}, {entry['b']}" if entry["a"] else "-"
    return [row["name"], summary.number(row["value"]), row["rule"] if row["from_data"] or row["rule"] == "exact-null" else "stated", str(row["below"]),
            str(row["below_wrong"]), summary.number(below["value"]), pair(below), str(row["above"]), str(row["above_wrong"]),
            summary.number(above["value"]), pair(above), "{}/{} below, {}/{} above".format(*held) if row["held"] else "-"]


def held_cells(name, held):
    return [name, held["family"], summary.number(held["value"]) + ("" if held["from_data"] else " (stated)"), str(held["below"]),
            str(held["below_wrong"]), str(held["above"]), str(held["above_wrong"])]


def table(heads, rows):
    yield f"| {' | '.join(heads)} |"
    yield "|" + " --- |" * len(heads)
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def reasons(decisions):
    for row in decisions:
        measures = ", ".join(f"`{name}`" for name in row["measures"]) or "no number of its own in the report"
        stated = "Stated" if not row["from_data"] else "Where no pairs draw it"
        yield f"- `{row['name']}` ({measures}). {stated}: {row['reason']}."
    yield ""


def render(calibration, decisions, measured):
    """The whole page."""
    held = [held_cells(row["name"], family) for row in decisions for family in row["held"]]
    statistics = [[row["test"], str(row["negatives"]), str(row["positives"]), summary.number(row["worst_negative"]),
                   summary.number(row["weakest_positive"]), summary.number(row["line"]),
                   f"{row['held_false_positives']}/{row['held_negatives']}", f"{row['held_misses']}/{row['held_positives']}"]
                  for row in calibration["statistics"]]
    return "\n".join([
        INTRODUCTION.format(**calibration_source.origin(measured)),
        *table(HEADS, [cells(row) for row in decisions]),
        "## What each is compared with", "", *reasons(decisions),
        "## Hold-out by family", "",
        "Each line drawn again without every pair that touches the family, and its errors on those pairs. A pair of two families is held out",
        "with each of them.", "", *table(HELD_HEADS, held),
        "## Statistics behind the probability", "",
        "z of each test; these lines place a pair in a band ([verdict.md](verdict.md#probability)) and decide no class.", "",
        *table(["statistic", "strangers", "relatives", "worst stranger", "weakest relative", "line", "held-out false", "held-out missed"],
               statistics)])
