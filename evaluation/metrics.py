"""From judged pairs to numbers. Pairs without a verdict are counted beside the others and never left out in silence."""
import collections


def share(part, whole):
    return part / whole if whole else None


def scored(outcome):
    """The score as AUC sees it: a pair where nothing could be computed counts as 0, nothing found."""
    return 0.0 if outcome["score"] is None else outcome["score"]


def auc(positives, negatives):
    """Probability that a positive scores above a negative; ties count half. None where one side is empty."""
    if not positives or not negatives:
        return None
    ranked = sorted([(value, 1) for value in positives] + [(value, 0) for value in negatives])
    rank_sum, start = 0.0, 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        rank_sum += (start + 1 + end) / 2 * sum(side for _, side in ranked[start:end])
        start = end
    count = len(positives)
    return (rank_sum - count * (count + 1) / 2) / (count * len(negatives))


def named(outcome):
    return {"a": outcome["a"], "b": outcome["b"], "score": outcome["score"], "class": outcome["class"]}


def of_label(outcomes, negatives, relations):
    """One row of the table: all outcomes of one truth label, against the scores of all negatives."""
    decided = [outcome for outcome in outcomes if outcome["status"] == "decided"]
    classes = collections.Counter(outcome["class"] for outcome in decided)
    positive = sum(classes[name] for name in relations["positive_classes"])
    expected = outcomes[0]["expected"]
    row = {
        "label": outcomes[0]["label"], "expected": expected, "pairs": len(outcomes), "decided": len(decided),
        "unreadable": sum(outcome["status"] == "unreadable" for outcome in outcomes),
        "failed": sum(outcome["status"] == "failed" for outcome in outcomes),
        "classes": dict(sorted(classes.items())), "right": sum(outcome["right"] for outcome in decided),
        "right_share": share(sum(outcome["right"] for outcome in decided), len(decided)),
        "called_related": positive, "called_shared": sum(classes[name] for name in relations["shared_classes"]),
        "inconclusive": classes["inconclusive"],
        "without_score": sum(outcome["score"] is None for outcome in decided),
        "kind_right": sum(outcome["kind_right"] for outcome in decided),
        "kind_named": sum(outcome["kind_named"] for outcome in decided),
        "directions": dict(sorted(collections.Counter(outcome["direction_result"] for outcome in decided).items()))}
    if expected == "negative":
        row["auc"] = None
        row["extreme"] = named(max(decided, key=scored)) if decided else None
    else:
        row["auc"] = auc([scored(outcome) for outcome in decided], negatives)
        row["extreme"] = named(min(decided, key=scored)) if decided else None
    return row


def by_label(outcomes, relations):
    """Rows in the order positive, shared, negative; within each by name."""
    negatives = [scored(outcome) for outcome in outcomes
                 if outcome["expected"] == "negative" and outcome["status"] == "decided"]
    groups = collections.defaultdict(list)
    for outcome in outcomes:
        groups[outcome["label"], outcome["expected"]].append(outcome)
    order = {"positive": 0, "shared": 1, "negative": 2}
    return [of_label(groups[key], negatives, relations) for key in sorted(groups, key=lambda key: (order[key[1]], key[0]))]


def confusion(outcomes, row_of, column_of):
    """{row: {column: pairs}} over the decided pairs."""
    table = collections.defaultdict(collections.Counter)
    for outcome in outcomes:
        if outcome["status"] == "decided":
            table[row_of(outcome)][column_of(outcome) or "none"] += 1
    return {row: dict(sorted(table[row].items())) for row in sorted(table)}


def totals(outcomes, relations):
    """The few numbers that decide: recall, false positives, directions, kinds, time."""
    decided = [outcome for outcome in outcomes if outcome["status"] == "decided"]
    groups = {name: [outcome for outcome in decided if outcome["expected"] == name]
              for name in ("positive", "shared", "negative")}
    all_positive = sum(outcome["expected"] == "positive" for outcome in outcomes)
    found = sum(outcome["right"] for outcome in groups["positive"])
    directions = collections.Counter(outcome["direction_result"] for outcome in decided)
    apart = relations["not_identifiable_from_a_pair"]
    kinds = [outcome for outcome in groups["positive"] if outcome["label"] not in apart]
    forged = [outcome for outcome in decided if outcome["forged"]]
    honest = [outcome for outcome in decided if not outcome["forged"]]
    seconds = [outcome["seconds"] for outcome in outcomes]
    return {
        "pairs": len(outcomes), "decided": len(decided),
        "unreadable": sum(outcome["status"] == "unreadable" for outcome in outcomes),
        "failed": sum(outcome["status"] == "failed" for outcome in outcomes),
        "positives": len(groups["positive"]), "recall": share(found, len(groups["positive"])),
        "recall_counting_unreadable_as_missed": share(found, all_positive),
        "shared": len(groups["shared"]), "shared_right": sum(outcome["right"] for outcome in groups["shared"]),
        "shared_called_related": sum(outcome["class"] in relations["positive_classes"] for outcome in groups["shared"]),
        "negatives": len(groups["negative"]),
        "false_positives": sum(outcome["class"] in relations["positive_classes"] for outcome in groups["negative"]),
        "negatives_called_shared": sum(outcome["class"] in relations["shared_classes"] for outcome in groups["negative"]),
        "inconclusive": {name: sum(outcome["class"] == "inconclusive" for outcome in group)
                         for name, group in groups.items()},
        "auc": auc(*([scored(outcome) for outcome in groups[name]] for name in ("positive", "negative"))),
        "auc_with_shared": auc([scored(outcome) for outcome in groups["positive"] + groups["shared"]],
                               [scored(outcome) for outcome in groups["negative"]]),
        "relatives_without_score": sum(outcome["score"] is None for outcome in groups["positive"] + groups["shared"]),
        "directions": {name: directions[name] for name in ("right", "wrong", "undetermined", "claimed", "silent")},
        "kind_pairs": len(kinds), "kind_right": share(sum(outcome["kind_right"] for outcome in kinds), len(kinds)),
        "kind_named": share(sum(outcome["kind_named"] for outcome in kinds), len(kinds)),
        "forged": len(forged), "forged_with_conflict": sum(bool(outcome["conflicts"]) for outcome in forged),
        "honest_with_conflict": sum(bool(outcome["conflicts"]) for outcome in honest),
        "seconds": {"mean": share(sum(seconds), len(seconds)), "max": max(seconds, default=None), "sum": sum(seconds)}}


def faults(outcome, relations):
    """What is wrong with one answer, as short words; empty where nothing is."""
    if outcome["status"] != "decided":
        return []
    found = []
    if outcome["expected"] != "positive" and outcome["class"] in relations["positive_classes"]:
        found.append("false positive" if outcome["expected"] == "negative" else "called related, only the start is shared")
    elif not outcome["right"]:
        found.append("inconclusive" if outcome["class"] == "inconclusive" else
                     "missed" if outcome["expected"] == "positive" else "wrong class")
    if outcome["direction_result"] == "wrong":
        found.append("wrong direction")
    if outcome["direction_result"] == "claimed":
        found.append("direction claimed where none can be known")
    if outcome["expected"] == "positive" and not outcome["kind_right"] and outcome["relation"]:
        found.append("wrong kind")
    return found


def must_fail(summary):
    """Reasons for exit status 1."""
    reasons = []
    if summary["false_positives"]:
        reasons.append(f"{summary['false_positives']} independent pairs were called related")
    if summary["directions"]["wrong"]:
        reasons.append(f"{summary['directions']['wrong']} directions are wrong")
    if summary["failed"]:
        reasons.append(f"the program failed on {summary['failed']} pairs of readable models")
    return reasons
