"""The numbers that lines are drawn from, and nothing else of a report: evaluation/calibration_pairs.json, one pair a line, and
evaluation/calibration_cases.json, one case of calibration_cases.py a line.

They are rounded to six significant digits before anything is drawn, so that the stored file gives the same lines as the report.
"""
import json
import math

FACTS = ("a", "b", "label", "expected", "families", "transforms")
ORIGIN = ("tool", "zoo", "sets", "depth", "selection")


def rounded(number):
    return float(f"{number:.6g}") if number is not None and math.isfinite(number) else None


def is_of_adapter(outcome):
    """An adapter was merged onto the other model before they were measured: its numbers tell of that model beside itself."""
    return any(entry["test"].startswith("adapter-") for entry in outcome["evidence"])


def of_report(report):
    """The origin of the numbers, and the decided pairs with their measures and the z of each test. Adapters have rules of
    their own, and lines that no pair here draws."""
    pairs = []
    for outcome in report["pairs"]:
        if outcome["status"] == "decided" and not is_of_adapter(outcome):
            numbers = {"measures": {name: rounded(value) for name, value in outcome["measures"].items()},
                       "z": {entry["test"]: rounded(entry["z"]) for entry in outcome["evidence"] if entry["z"] is not None}}
            pairs.append({name: outcome[name] for name in FACTS} | numbers)
    cases = [{name: case[name] for name in FACTS} | {
        "measures": {name: rounded(value) for name, value in case["measures"].items()}, "z": {}} for case in report["cases"]]
    return {name: report[name] for name in ORIGIN} | {"pairs": pairs, "cases": cases}


def names(pairs, kind):
    """All names of numbers of one kind, in the order in which they first occur."""
    return list(dict.fromkeys(name for pair in pairs for name in pair[kind]))


def dump(measured, kind):
    """Pairs or cases as text: the names once, then one row each."""
    measures, tests = names(measured[kind], "measures"), sorted(names(measured[kind], "z"))
    head = {name: measured[name] for name in ORIGIN} | {"measures": measures, "tests": tests}
    rows = [[*(pair[name] for name in FACTS), [pair["measures"].get(name) for name in measures],
             [pair["z"].get(name) for name in tests]] for pair in measured[kind]]
    body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    return json.dumps(head)[:-1] + ', "rows": [\n' + body + "\n]}\n"


def rows_of(stored):
    return [dict(zip(FACTS, facts)) | {
        "measures": dict(zip(stored["measures"], measures)),
        "z": {name: value for name, value in zip(stored["tests"], z) if value is not None}} for *facts, measures, z in stored["rows"]]


def load(text, cases_text):
    """What `dump` wrote of pairs and of cases; or a report of ./dev evaluate --calibration, which has both."""
    stored = json.loads(text)
    if "rows" not in stored:
        return of_report(stored)
    return {name: stored[name] for name in ORIGIN} | {"pairs": rows_of(stored), "cases": rows_of(json.loads(cases_text))}


def outcomes(measured):
    """The pairs as lines.py reads them."""
    return [pair | {"status": "decided", "evidence": [{"test": test, "z": value} for test, value in pair["z"].items()]}
            for pair in measured["pairs"]]
