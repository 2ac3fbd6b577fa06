#!/bin/bash
# The YAML of docs/CI.md: what it runs ends as the document says, for a run that is well, one that grew a little, and one that
# grew a lot. make stands for the program's own build.
. "$(dirname "$0")/../cli/lib.sh"
ROOT=$(cd "$HERE/../.." && pwd)
BUILD=$(cd "$(dirname "$ANALYZE")" && pwd)
unset LD_PRELOAD SYSCAP_OUTPUT SYSCAP_MODE SYSCAP_CHILDREN SYSCAP_STACK
"$HERE/documents.py" scripts "$ROOT/docs/CI.md" >scripts
mapfile -d '' -t scripts <scripts
check '- docs/CI.md has two recipes' [ "${#scripts[@]}" -eq 2 ]
check '- with commands' [ "$(grep -a -c syscap-analyze scripts)" -eq 3 ]

mkdir bin
printf '#!/bin/sh\n' >bin/make
printf '#!/bin/sh\ncat /dev/null >out\n' >program
chmod +x bin/make program
export PATH=$WORK/bin:$BUILD:$PATH GITHUB_STEP_SUMMARY=$WORK/summary
{
    syscap-record -o one.bin -- ./program && syscap-record -o two.bin -- ./program &&
        syscap-analyze --repeat one.bin two.bin --label ci --save-baseline well.json
} >log 2>&1
check '- a baseline is there' [ -s well.json ]

# grown PERCENT: the baseline of a program that made so much fewer calls.
grown() {
    python3 -c '
import json, sys
baseline = json.load(open("well.json"))
now = baseline["totals"]["total_compared"]
now = now[0] if isinstance(now, list) else now
baseline["totals"]["total_compared"] = now * 100 // (100 + int(sys.argv[1]))
json.dump(baseline, open("io.json", "w"))' "$1"
}

# recipe NAME SCRIPT STATUS: as CI systems run it, every step with its own shell that ends at the first failure.
recipe() {
    bash -e -c "$2" >said 2>err
    local got=$?
    [ "$got" -eq "$3" ] || echo "    status $got: $(tail -n 3 err)"
    check "- $1: status $3" [ "$got" -eq "$3" ]
}

cp well.json io.json
recipe 'GitHub, well' "${scripts[0]}" 0
check '- no warning' eval '! grep -q ::warning:: said'
check '- the summary has the table' grep -q '^### syscap: OK' summary
recipe 'GitLab, well' "${scripts[1]}" 0
grown 5
recipe 'GitHub, beyond the soft limit' "${scripts[0]}" 0
check '- a warning' grep -q ::warning:: said
recipe 'GitLab, beyond the soft limit' "${scripts[1]}" 3
check '- the report is there' python3 -c 'import xml.etree.ElementTree as tree; tree.parse("syscap.xml")'
grown 50
recipe 'GitHub, beyond the hard limit' "${scripts[0]}" 1
recipe 'GitLab, beyond the hard limit' "${scripts[1]}" 1
printf '#!/bin/sh\nkill -9 $$\n' >program
cp well.json io.json
recipe 'GitLab, a run that died' "$(grep -v '^syscap-record' <<<"${scripts[1]}" | sed '1i syscap-record -o run.bin -- ./program || true')" 1
check '- is no pass' grep -q 'PROBLEM: killed by SIGKILL' said
finish
