#!/usr/bin/env python3
"""Evaluates the program on a zoo: no stranger is called a relative, no relative is missed, the report keeps its schema.

usage: zoo_evaluation_test.py TOOL ZOO LEAST_PAIRS [options of evaluate.py]
"""
import html.parser
import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "evaluation"))
import evaluate  # noqa: E402


class Resources(html.parser.HTMLParser):
    """Collects what the page would load and checks that its tags are closed in order."""
    VOID = {"meta"}

    def __init__(self):
        super().__init__()
        self.open, self.loaded = [], []

    def handle_starttag(self, tag, attributes):
        self.loaded += [value for name, value in attributes if name in ("src", "href") and value]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.loaded += [value for name, value in attributes if name in ("src", "href") and value]

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


def check_schema(report):
    try:
        import jsonschema
    except ImportError:
        print("jsonschema is not there: the schema of the report is not checked")
        return
    schema = json.loads((ROOT / "evaluation" / "report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)


def main(tool, zoo, least, *options):
    with tempfile.TemporaryDirectory() as folder:
        status = evaluate.main([zoo, "--tool", tool, "--out", folder, "--no-derived", *options])
        report = json.loads((pathlib.Path(folder) / "report.json").read_text())
        text = (pathlib.Path(folder) / "report.html").read_text()
    totals = report["totals"]
    assert status == 0, f"exit status {status}"
    assert totals["pairs"] == len(report["pairs"]) >= int(least), totals["pairs"]
    assert totals["failed"] == 0, "the program failed on a pair"
    assert totals["positives"] >= 2 and totals["negatives"] >= 4, "too little to measure"
    assert totals["false_positives"] == 0 and totals["negatives_called_shared"] == 0
    assert totals["recall"] == 1.0, totals["recall"]
    assert totals["shared_right"] == totals["shared"]
    assert totals["directions"]["wrong"] == 0 and totals["auc"] == 1.0
    check_schema(report)
    page = Resources()
    page.feed(text)
    assert not page.open and not page.loaded, (page.open, page.loaded)


if __name__ == "__main__":
    main(*sys.argv[1:])
