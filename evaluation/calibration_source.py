"""The calibration as a C++ table: src/verdict/calibration_table.cpp, declared in src/verdict/calibration.hpp."""

HEADER = """// Made by ./dev calibrate with {tool} from the zoo {zoo} at depth {depth}:
// {positives} pairs of relatives, {negatives} pairs of strangers ({selection}).
// Do not edit; docs/evaluation.md says how the lines are drawn.
#include "verdict/calibration.hpp"

namespace prov::verdict {{
namespace {{

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
    yield f"constexpr std::array<{kind}, {len(rows)}> {name} = {{{{"
    yield from (f"    {{{row}}}," for row in rows)
    yield "}};"
    yield ""


def statistic(row):
    fields = [value(row[key]) for key in ("negative_median", "negative_q99", "worst_negative", "weakest_positive",
                                          "positive_q05", "positive_median", "weakest_positive_beyond", "bound", "line")]
    held = ", ".join(str(row[f"held_{key}"]) for key in ("negatives", "false_positives", "positives", "misses"))
    return (f"{text(row['test'])}, {row['negatives']}, {row['positives']}, {', '.join(fields)},\n"
            f"     {'true' if row['separated'] else 'false'}, {row['blind']}, {{{held}}}")


def render(calibration, report):
    """The whole file."""
    decided = [outcome for outcome in report["pairs"] if outcome["status"] == "decided"]
    negatives = sum(outcome["expected"] == "negative" for outcome in decided)
    chosen = [key.replace("_", " ") + ("" if said is True else f" {said}") for key, said in report["selection"].items() if said]
    selection = ", ".join(chosen if report["selection"]["all"] else ["core pairs", *chosen])
    lines = [HEADER.format(tool=report["tool"], zoo=", ".join(filter(None, report["sets"])) or report["zoo"],
                           depth=report["depth"] or "standard", positives=len(decided) - negatives,
                           negatives=negatives, selection=selection)]
    lines += array("CalibratedLine", "kLines", [statistic(row) for row in calibration["statistics"]])
    lines += array("FamilyHoldOut", "kFamilies", [
        f"{text(row['family'])}, {{{row['negatives']}, {row['false_positives']}, {row['positives']}, {row['misses']}}}"
        for row in calibration["families"]])
    lines += array("CalibratedBand", "kBands", [
        f"{row['positives']}, {row['negatives']}, {value(row['probability'])}" for row in calibration["bands"]])
    lines += ["// clang-format on", "", "}  // namespace", "",
              "std::span<const CalibratedLine> calibrated_lines() { return kLines; }",
              "std::span<const FamilyHoldOut> family_hold_outs() { return kFamilies; }",
              "std::span<const CalibratedBand, 3> calibrated_bands() { return kBands; }", "",
              "}  // namespace prov::verdict", ""]
    return "\n".join(lines)
