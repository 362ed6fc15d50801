"""Histograms of scores as inline SVG. Colours come from the style sheet of the page, so light and dark both work."""
import math
from html import escape

LOW, HIGH, STEPS = -1.0, 3.0, 48  # decades of z: 0.1 to 1000
WIDTH, HEIGHT, MARGIN = 720, 60, 14


def bin_of(score):
    """Index of the bar; what is 0.1 or less, negative too, is in the first one."""
    if score is None or score <= 10 ** LOW:
        return 0
    return min(STEPS - 1, max(0, int((math.log10(score) - LOW) / (HIGH - LOW) * STEPS)))


def kind_of(outcome):
    return "right" if outcome["right"] else "open" if outcome["class"] == "inconclusive" else "wrong"


def histogram(outcomes):
    """One SVG of all decided pairs of a label; a bar is stacked right, inconclusive, wrong."""
    bars = [{"right": 0, "open": 0, "wrong": 0} for _ in range(STEPS)]
    for outcome in outcomes:
        bars[bin_of(outcome["score"])][kind_of(outcome)] += 1
    tallest = max((sum(bar.values()) for bar in bars), default=0) or 1
    width = WIDTH / STEPS
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT + MARGIN}" role="img" aria-label="histogram of the score">']
    for index, bar in enumerate(bars):
        top = float(HEIGHT)
        for kind, count in bar.items():
            if count:
                height = max(1.5, count / tallest * (HEIGHT - 4))
                top -= height
                low = 10 ** (LOW + index / STEPS * (HIGH - LOW))
                parts.append(f'<rect class="{kind}" x="{index * width + 0.5:.1f}" y="{top:.1f}" width="{width - 1:.1f}"'
                             f' height="{height:.1f}"><title>{escape(kind)}: {count} at {low:.3g} and above</title></rect>')
    parts.append(f'<line class="axis" x1="0" y1="{HEIGHT}" x2="{WIDTH}" y2="{HEIGHT}"/>')
    for decade in range(int(LOW), int(HIGH) + 1):
        x = (decade - LOW) / (HIGH - LOW) * WIDTH
        anchor = "start" if decade == LOW else "end" if decade == HIGH else "middle"
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT + 11}" text-anchor="{anchor}">{10.0 ** decade:g}</text>')
    return "".join(parts) + "</svg>"
