"""Lines between strangers and relatives, one for each statistic, and what they are worth on families that had no say in them.

A relative is any pair with a common start: derived models, siblings, early branches, shared initialisation. Many statistics do not
see every relative, by design (a permuted model has lost the order of its units); such a relative is no error of that statistic.
"""
import math

CLEAR_GAP = 2.0  # the weakest relative is this many times the bound, or it does not decide alone
LEAST_BOUND = 3.0  # with few pairs the worst stranger is not yet the tail of the null
WITHOUT_RELATIVES = 2.0  # line over bound where no relative was measured
BANDS = ("inside the null", "between", "beyond a line")


def numbers(outcomes, test):
    """(z of strangers, z of relatives), both sorted."""
    sides = {True: [], False: []}
    for outcome in outcomes:
        for entry in outcome["evidence"]:
            if entry["test"] == test and entry["z"] is not None and math.isfinite(entry["z"]):
                sides[outcome["expected"] == "negative"].append(entry["z"])
    return sorted(sides[True]), sorted(sides[False])


def quantile(values, share):
    """Of sorted values, between neighbours; None of nothing."""
    if not values:
        return None
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def fit(negatives, positives):
    """Bound of the null, line, and whether all relatives lie above all strangers.

    Bound: the worst stranger, at least 3. Line, where every relative is at twice the bound or more: the geometric mean of bound and
    weakest relative. Else the geometric mean of the widest empty interval (as a ratio) above the bound, whose lower end may be the
    bound or a relative: one that the statistic barely sees does not pull the line to the strangers. Where no relative is above:
    twice the bound.
    """
    bound = max(negatives[-1] if negatives else LEAST_BOUND, LEAST_BOUND)
    above = [value for value in positives if value > bound]
    if not above:
        return bound, WITHOUT_RELATIVES * bound, False
    separated = len(above) == len(positives)
    if separated and above[0] >= CLEAR_GAP * bound:
        return bound, math.sqrt(bound * above[0]), True
    low, high = max(zip([bound, *above], above), key=lambda pair: pair[1] / pair[0])
    return bound, math.sqrt(low * high), separated


def fit_all(outcomes, tests):
    """{test: (bound, line, separated)} of the statistics that were measured on strangers; the others prove nothing yet."""
    measured = {test: numbers(outcomes, test) for test in tests}
    return {test: fit(*sides) for test, sides in measured.items() if sides[0]}


def band(outcome, fitted):
    """0 inside the null, 1 between, 2 beyond the line of some statistic; None where nothing was computed."""
    found = [0 if entry["z"] <= fitted[entry["test"]][0] else 1 if entry["z"] < fitted[entry["test"]][1] else 2
             for entry in outcome["evidence"] if entry["z"] is not None and entry["test"] in fitted]
    return max(found, default=None)


def without(outcomes, families):
    return [outcome for outcome in outcomes if not set(outcome["families"]) & set(families)]


def touching(outcomes, family):
    return [outcome for outcome in outcomes if family in outcome["families"]]


def leave_one_family_out(outcomes, tests):
    """For each family: lines fitted without it, applied to the pairs that touch it. Also the same statistic by statistic."""
    families = sorted({family for outcome in outcomes for family in outcome["families"]})
    by_family, by_test = [], {test: [0, 0, 0, 0] for test in tests}
    for family in families:
        fitted = fit_all(without(outcomes, [family]), tests)
        held = [(outcome, band(outcome, fitted)) for outcome in touching(outcomes, family)]
        held = [(outcome["expected"] == "negative", found) for outcome, found in held if found is not None]
        by_family.append({"family": family, "negatives": sum(negative for negative, _ in held),
                          "false_positives": sum(negative and found == 2 for negative, found in held),
                          "positives": sum(not negative for negative, _ in held),
                          "misses": sum(not negative and found != 2 for negative, found in held)})
        for test in fitted:
            negatives, positives = numbers(touching(outcomes, family), test)
            line = fitted[test][1]
            by_test[test] = [sum(pair) for pair in zip(by_test[test], [
                len(negatives), sum(value >= line for value in negatives),
                len(positives), sum(value < line for value in positives)])]
    return by_family, by_test


def bands(outcomes, tests):
    """Counts by band, each pair judged by lines fitted without its families, and the probability that follows.

    Laplace's rule of succession for each side, (count + 1) / (all + 3), and equal prior odds.
    """
    counts = {side: [0, 0, 0] for side in ("positives", "negatives")}
    fitted = {}
    for outcome in outcomes:
        key = tuple(sorted(set(outcome["families"])))
        if key not in fitted:
            fitted[key] = fit_all(without(outcomes, key), tests)
        if (found := band(outcome, fitted[key])) is not None:
            counts["negatives" if outcome["expected"] == "negative" else "positives"][found] += 1
    table = []
    for index, name in enumerate(BANDS):
        likelihood = {side: (values[index] + 1) / (sum(values) + 3) for side, values in counts.items()}
        table.append({"band": name, "positives": counts["positives"][index], "negatives": counts["negatives"][index],
                      "probability": likelihood["positives"] / sum(likelihood.values())})
    return table


def calibrate(outcomes):
    """Everything the table holds, from the decided outcomes of a report."""
    outcomes = [outcome for outcome in outcomes if outcome["status"] == "decided"]
    tests = sorted({entry["test"] for outcome in outcomes for entry in outcome["evidence"] if entry["z"] is not None})
    by_family, by_test = leave_one_family_out(outcomes, tests)
    statistics = []
    for test in tests:
        negatives, positives = numbers(outcomes, test)
        bound, line, separated = fit(negatives, positives)
        held_negatives, false_positives, held_positives, misses = by_test[test]
        statistics.append({
            "test": test, "negatives": len(negatives), "positives": len(positives), "negative_median": quantile(negatives, 0.5),
            "negative_q99": quantile(negatives, 0.99), "worst_negative": quantile(negatives, 1),
            "weakest_positive": quantile(positives, 0), "positive_q05": quantile(positives, 0.05),
            "positive_median": quantile(positives, 0.5),
            "weakest_positive_beyond": min((value for value in positives if value >= line), default=None),
            "bound": bound, "line": line, "separated": separated,
            "blind": sum(value < line for value in positives),
            "held_negatives": held_negatives, "held_false_positives": false_positives,
            "held_positives": held_positives, "held_misses": misses})
    return {"statistics": statistics, "families": by_family, "bands": bands(outcomes, tests)}
