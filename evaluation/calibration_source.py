"""The calibration as a C++ table: src/verdict/calibration_table.hpp, whose types are in src/verdict/calibration.hpp."""

HEADER = """// Made by ./dev calibrate with {tool} from the zoo {zoo} at depth {depth}:
// {positives} pairs of relatives, {negatives} pairs of strangers ({selection}).
// Do not edit; docs/evaluation.md says how the lines are drawn, docs/lines.md shows them.
#pragma once

#include <array>

#include "verdict/calibration.hpp"

namespace prov::verdict::table {{

// clang-format off
"""


def value(number):
    """A double literal; an absent number is NaN, for there is no other way to say so in a constant."""
    if number is None:
        return "kAbsent"
    text = f"{number:.6g}"
    return text if any(mark in text for mark in ".en") else text + ".0"


def text(string):
    """A C++ string literal of printable ASCII."""
    return '"' + "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "?" for c in string) + '"'


def array(kind, name, rows):
    yield f"inline constexpr std::array<{kind}, {len(rows)}> {name} = {{{{"
    yield from (f"    {{{row}}}," for row in rows)
    yield "}};"
    yield ""


def statistic(row):
    fields = [value(row[key]) for key in ("negative_median", "negative_q99", "worst_negative", "weakest_positive",
                                          "positive_q05", "positive_median", "weakest_positive_beyond", "bound", "line")]
    held = ", ".join(str(row[f"held_{key}"]) for key in ("negatives", "false_positives", "positives", "misses"))
    return (f"{text(row['test'])}, {row['negatives']}, {row['positives']}, {', '.join(fields)},\n"
            f"     {'true' if row['separated'] else 'false'}, {row['blind']}, {{{held}}}")


def line_side(row, side, entry):
    return (f"{{{row[side]}, {row[side + '_wrong']}, {value(entry['value'])}, {text(entry['a'])}, {text(entry['b'])}}}")


def decision_line(row):
    held = [sum(family[key] for family in row["held"]) for key in ("below", "below_wrong", "above", "above_wrong")]
    return (f"{text(row['name'])}, {text(' '.join(row['measures']))}, {value(row['value'])}, "
            f"{'true' if row['from_data'] else 'false'},\n     {line_side(row, 'below', row['worst_below'])},\n"
            f"     {line_side(row, 'above', row['best_above'])},\n     {{{', '.join(map(str, held))}}}")


def held_line(name, row):
    return (f"{text(name)}, {text(row['family'])}, {value(row['value'])}, "
            f"{{{row['below']}, {row['below_wrong']}, {row['above']}, {row['above_wrong']}}}")


def origin(measured):
    """The facts that the head of the table and the page for people share."""
    negatives = sum(pair["expected"] == "negative" for pair in measured["pairs"])
    chosen = [key.replace("_", " ") + ("" if said is True else f" {said}") for key, said in measured["selection"].items() if said]
    return {"tool": measured["tool"], "zoo": ", ".join(filter(None, measured["sets"])) or measured["zoo"],
            "depth": measured["depth"] or "standard", "positives": len(measured["pairs"]) - negatives, "negatives": negatives, "cases": len(measured.get("cases", [])),
            "selection": ", ".join(chosen if measured["selection"]["all"] else ["core pairs", *chosen])}


FORENSIC_HEADER = """// Made by ./dev calibrate. Do not edit. The lines of calibration_table.hpp that this room needs;
// docs/lines.md shows what each lies between.
#pragma once

namespace prov::forensics::lines {
"""


def constant_name(line):
    return "k" + "".join(word.capitalize() for word in line.split("_"))


def render_forensic(decisions):
    """The constants of the lines that src/forensics/ compares with, which may not include src/verdict/."""
    rows = [f"inline constexpr double {constant_name(row['name'])} = {value(row['value'])};"
            for row in decisions if row["room"] == "forensics"]
    return "\n".join([FORENSIC_HEADER, *rows, "", "}  // namespace prov::forensics::lines", ""])


def render(calibration, decisions, measured):
    """The whole file."""
    lines = [HEADER.format(**origin(measured))]
    lines += array("DecisionLine", "kDecisions", [decision_line(row) for row in decisions])
    lines += array("HeldOutLine", "kHeldOut", [held_line(row["name"], held) for row in decisions for held in row["held"]])
    lines += array("CalibratedLine", "kStatistics", [statistic(row) for row in calibration["statistics"]])
    lines += array("FamilyHoldOut", "kFamilies", [
        f"{text(row['family'])}, {{{row['negatives']}, {row['false_positives']}, {row['positives']}, {row['misses']}}}"
        for row in calibration["families"]])
    lines += array("CalibratedBand", "kBands", [
        f"{row['positives']}, {row['negatives']}, {value(row['probability'])}" for row in calibration["bands"]])
    lines += ["// clang-format on", "", "}  // namespace prov::verdict::table", ""]
    return "\n".join(lines)
