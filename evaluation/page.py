"""The report as one HTML file without external resources. All text passes through `escape`: names of models are input."""
from html import escape

import charts
import summary

STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fff; --line: #d5d9e0; --right: #2c7fb8; --open: #9aa3af; --wrong: #d1495b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ec; --paper: #14181f; --line: #39414d; --right: #6db3e0; --open: #7d8795; --wrong: #f07184; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem; text-align: right; vertical-align: top; }
th:first-child, td:first-child, td.text, th.text { text-align: left; }
.wide { overflow-x: auto; } svg { width: 100%; max-width: 45rem; height: auto; display: block; }
svg text { font-size: 10px; fill: var(--ink); } .axis { stroke: var(--ink); stroke-width: 1; }
rect.right { fill: var(--right); } rect.open { fill: var(--open); } rect.wrong { fill: var(--wrong); }
.key::before { content: "\\25A0\\00A0"; } .key.right { color: var(--right); } .key.open { color: var(--open); } .key.wrong { color: var(--wrong); }
h2 { margin-top: 2.5rem; } h3 { margin: 1.2rem 0 .2rem; font-size: 1rem; } ul { margin: .2rem 0; padding-left: 1.2rem; }
"""


def cell(value, tag="td", text=False):
    return f'<{tag}{" class=text" if text else ""}>{escape(str(value))}</{tag}>'


def table(heads, rows, text_columns=()):
    body = "".join("<tr>" + "".join(cell(value, text=index in text_columns) for index, value in enumerate(row)) + "</tr>"
                   for row in rows)
    head = "".join(cell(name, "th", index in text_columns) for index, name in enumerate(heads))
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def confusion_table(counts, corner):
    names = sorted({name for row in counts.values() for name in row})
    return table([corner, *names], [[row, *(counts[row].get(name, "") for name in names)] for row in counts])


def items(texts):
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>" if texts else ""


def histograms(report):
    for row in report["labels"]:
        decided = [outcome for outcome in report["pairs"] if outcome["status"] == "decided"
                   and (outcome["label"], outcome["expected"]) == (row["label"], row["expected"])]
        if decided:
            yield f"<h3>{escape(row['label'])} ({len(decided)}, {escape(row['expected'])})</h3>{charts.histogram(decided)}"


def wrong_pairs(report):
    for outcome in report["pairs"]:
        if outcome["faults"]:
            facts = [outcome["class"], outcome["relation"] or "no relation", outcome["direction"],
                     f"score {summary.number(outcome['score'])}"]
            yield (f"<h3>{escape(outcome['a'])}, {escape(outcome['b'])}: {escape(', '.join(outcome['faults']))}</h3>"
                   f"<p>Truth: {escape(outcome['label'])}"
                   f" ({escape(', '.join(outcome['transforms']) or 'no transforms')}). Said: {escape(', '.join(facts))}.</p>"
                   + items(outcome["reasons"] + [f"Conflict: {text}" for text in outcome["conflicts"]]))


def merge_table(merges):
    if merges is None:
        return "<p>This program has no command decompose.</p>"
    rows = [[entry["child"], entry.get("true_operator", ""), entry.get("operator", ""), ", ".join(entry["parents"]),
             ", ".join(entry.get("named", [])), summary.number(entry["largest_weight_error"]), entry["message"]]
            for entry in merges]
    return table(["child", "operator", "said", "parents", "named", "largest weight error", "message"], rows, range(7))


def unread(report):
    rows = [[f"{outcome['a']}, {outcome['b']}", outcome["label"], outcome["status"], outcome["message"]]
            for outcome in report["pairs"] if outcome["status"] != "decided"]
    return table(["pair", "label", "status", "message"], rows, range(4)) if rows else "<p>None.</p>"


def render(report):
    """The whole page."""
    totals = list(summary.lines(report | {"labels": [], "pairs": [], "unreadable_models": [], "merges": []}))
    labels = table(summary.HEADS, [summary.label_cells(row) for row in report["labels"]], (0, len(summary.HEADS) - 1))
    return "".join([
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>Evaluation</title><style>{STYLE}</style></head><body><h1>Evaluation</h1>",
        items([line for line in totals if line and not line.startswith(("label ", "merges:"))]), "<h2>Labels</h2>", labels,
        '<h2>Scores</h2><p>Largest z of a pair, logarithmic; 0.1 and less in the first bar. <span class="key right">right</span> '
        '<span class="key open">inconclusive</span> <span class="key wrong">wrong</span></p>', *histograms(report),
        "<h2>Class</h2>", confusion_table(report["confusion"]["class"], "truth"),
        "<h2>Relation</h2>", confusion_table(report["confusion"]["relation"], "truth"),
        "<h2>Merges</h2>", merge_table(report["merges"]), "<h2>Wrong pairs</h2>", *wrong_pairs(report),
        "<h2>Pairs without a verdict</h2>", unread(report), "</body></html>\n"])
