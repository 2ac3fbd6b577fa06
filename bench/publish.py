"""publish.py RESULTS DOCS: puts the tables between the marks of DOCS/BENCHMARKS.md, and plots and their data into DOCS/plots."""
import os
import re
import shutil
import sys

results, docs = sys.argv[1:3]
page = os.path.join(docs, "BENCHMARKS.md")
with open(page) as file:
    text = file.read()


def filled(match):
    path = os.path.join(results, match.group(1) + ".md")
    if not os.path.exists(path):
        print("not measured, left as it is:", match.group(1))
        return match.group(0)
    with open(path) as file:
        return f"<!-- {match.group(1)} -->\n\n{file.read()}\n<!-- end -->"


text = re.sub(r"<!-- (\w+) -->\n.*?<!-- end -->", filled, text, flags=re.S)
with open(page + ".new", "w") as file:
    file.write(text)
os.replace(page + ".new", page)
plots = os.path.join(docs, "plots")
os.makedirs(plots, exist_ok=True)
for name in sorted(os.listdir(results)):
    if name.endswith((".svg", ".dat")):
        shutil.copy(os.path.join(results, name), plots)
        print("docs/plots/" + name)
