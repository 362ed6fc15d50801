"""The report as text for a terminal."""


def percent(value):
    return "-" if value is None else f"{100 * value:.1f} %"


def number(value, form="{:.4g}"):
    return "-" if value is None else form.format(value)


def columns(rows, heads):
    """Rows of text in aligned columns, the first to the left and the others to the right."""
    widths = [max(len(row[index]) for row in [heads, *rows]) for index in range(len(heads))]
    for row in [heads, *rows]:
        yield "  ".join(cell.ljust(width) if index == 0 else cell.rjust(width)
                        for index, (cell, width) in enumerate(zip(row, widths)))


HEADS = ["label", "pairs", "unread", "right", "related", "shared", "inconcl.", "AUC", "kind", "kind*", "dir ok", "dir ?", "dir x",
         "worst score", "of"]


def label_cells(row):
    directions, extreme = row["directions"], row["extreme"]
    return [row["label"], str(row["pairs"]), str(row["unreadable"] + row["failed"]), percent(row["right_share"]),
            str(row["called_related"]), str(row["called_shared"]), str(row["inconclusive"]), number(row["auc"], "{:.4f}"),
            *(("-", "-") if row["expected"] == "negative" else
              (f"{row['kind_right']}/{row['decided']}", f"{row['kind_named']}/{row['decided']}")),
            str(directions.get("right", 0)), str(directions.get("undetermined", 0)),
            str(directions.get("wrong", 0) + directions.get("claimed", 0)),
            number(extreme and extreme["score"]), f"{extreme['a']}, {extreme['b']}" if extreme else "-"]


def merge_line(entry):
    if entry["message"]:
        return f"  {entry['child']}: {entry['message']}"
    answer = "right" if entry["right"] else f"missed {entry['missed'] or 'none'}, invented {entry['invented'] or 'none'}"
    error = "" if entry["largest_weight_error"] is None else f", largest weight error {entry['largest_weight_error']:.4f}"
    return f"  {entry['child']}: {entry['operator']} (truth {entry['true_operator']}), parents {answer}{error}"


def lines(report):
    """All lines of the summary."""
    total = report["totals"]
    yield f"{report['tool']}, depth {report['depth'] or 'default'}, {total['pairs']} pairs of {report['zoo']}"
    yield ""
    yield from columns([label_cells(row) for row in report["labels"]], HEADS)
    yield ""
    yield (f"recall {percent(total['recall'])} of {total['positives']} readable relatives"
           f" ({percent(total['recall_counting_unreadable_as_missed'])} counting unreadable as missed)")
    yield (f"false positives {total['false_positives']} of {total['negatives']};"
           f" called shared-initialisation {total['negatives_called_shared']};"
           f" inconclusive {total['inconclusive']['negative']}")
    yield f"shared starts right {total['shared_right']} of {total['shared']}, called related {total['shared_called_related']}"
    yield (f"AUC {number(total['auc'], '{:.5f}')} (with shared starts as positives {number(total['auc_with_shared'], '{:.5f}')});"
           f" {total['relatives_without_score']} relatives have no score and count as 0")
    yield (f"kind right {percent(total['kind_right'])}, named among the operations {percent(total['kind_named'])}"
           f" of {total['kind_pairs']} (without merges and siblings)")
    direction = total["directions"]
    yield (f"direction right {direction['right']}, wrong {direction['wrong']}, undetermined {direction['undetermined']};"
           f" claimed where none can be known {direction['claimed']}")
    yield (f"forgeries with a conflict {total['forged_with_conflict']} of {total['forged']};"
           f" other pairs with one {total['honest_with_conflict']}")
    if report["merges"] is None:
        yield "merges: this program has no command decompose"
    else:
        yield f"merges: parents right {sum(entry['right'] for entry in report['merges'])} of {len(report['merges'])}"
        yield from map(merge_line, report["merges"])
    seconds = total["seconds"]
    yield (f"seconds a pair: mean {number(seconds['mean'], '{:.2f}')}, max {number(seconds['max'], '{:.2f}')};"
           f" all {report['wall_seconds']:.0f} s with {report['jobs']} jobs")
    for model in report["unreadable_models"]:
        yield f"unreadable: {model['name']}: {model['message']}"
    for sentence in report["left_out"]:
        yield sentence
    for outcome in report["pairs"]:
        if outcome["faults"]:
            yield (f"{', '.join(outcome['faults'])}: {outcome['a']}, {outcome['b']} ({outcome['label']}):"
                   f" {outcome['class']}, {outcome['relation']}, {outcome['direction']}")
        elif outcome["status"] == "failed":
            yield f"failed: {outcome['a']}, {outcome['b']}: {outcome['message']}"
