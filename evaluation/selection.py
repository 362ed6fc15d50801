"""Which pairs are run, and in which order each is given to the tool. Everything here is decided by names, never by chance."""
import hashlib


def name_hash(*names):
    return int.from_bytes(hashlib.sha256("\0".join(names).encode()).digest()[:8], "big")


def swapped(pair):
    """True for about half of the pairs: a tool that always says a->b must not win."""
    return name_hash("order", pair.set, pair.a, pair.b) % 2 == 1


def sample(zoo, pairs, count):
    """`count` pairs, shared out evenly over labels and, within a label, over the two families; a hash orders the rest."""
    drawn = {}

    def turn(pair):
        """Counts the pairs of one label between the same two families."""
        families = tuple(sorted(zoo.family((pair.set, name)) for name in (pair.a, pair.b)))
        drawn[pair.label, families] = drawn.get((pair.label, families), 0) + 1
        return drawn[pair.label, families]

    by_hash = sorted(pairs, key=lambda pair: name_hash("sample", pair.set, pair.a, pair.b))
    by_family = sorted(by_hash, key=turn)
    rank, of_label = {}, {}
    for pair in by_family:
        rank[pair.key] = of_label[pair.label] = of_label.get(pair.label, 0) + 1
    return sorted(sorted(by_family, key=lambda pair: rank[pair.key])[:count], key=lambda pair: pair.key)


def trained(zoo, pair):
    return all(zoo.models[pair.set, name].facts.get("kind", "trained") == "trained" for name in (pair.a, pair.b))


def choose(zoo, options, relations):
    """Core pairs, or all, or a sample of them; only pairs whose two models are there. Also returns the others.

    `more_negatives` adds pairs of strangers that are not core, shared out evenly over pairs of families.
    """
    pairs = [pair for pair in zoo.pairs if not options.trained or trained(zoo, pair)]
    wanted = [pair for pair in pairs if options.all or pair.core]
    there = [pair for pair in wanted if zoo.available(pair)]
    absent = [pair for pair in wanted if not zoo.available(pair)]
    if options.pairs is not None and options.pairs < len(there):
        there = sample(zoo, there, options.pairs)
    if options.more_negatives:
        taken = {pair.key for pair in there}
        others = [pair for pair in pairs if pair.key not in taken and zoo.available(pair)
                  and pair.expected(relations) == "negative"]
        there += sample(zoo, others, options.more_negatives)
    return there, absent
