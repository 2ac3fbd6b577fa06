"""cpython.py RESULT.xml: every test of a CPython run and how it ended, one a line, sorted."""
import sys
import xml.etree.ElementTree as tree

for case in sorted(tree.parse(sys.argv[1]).iter("testcase"), key=lambda case: case.get("name")):
    ends = [child.tag for child in case if child.tag in ("error", "failure", "skipped")]
    print(case.get("name"), ends[0] if ends else "skipped" if case.get("status") == "skipped" else "passed")
