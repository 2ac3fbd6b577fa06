#!/bin/sh
# Every kind of JSON output against docs/syscap-summary.schema.json and syscap-baseline.schema.json, with Debian's python3-jsonschema.
. "$(dirname "$0")/lib.sh"
SCHEMA=$HERE/../../docs/syscap-summary.schema.json
RECORD=$(dirname "$ANALYZE")/syscap-record
for PYTHON in /usr/bin/python3 python3 none; do "$PYTHON" -c 'import jsonschema' 2>/dev/null && break; done
if [ "$PYTHON" = none ]; then
    echo "skip 19 - JSON against its schema (python3-jsonschema is not installed)"
    exit 0
fi
cat >validate.py <<'PY'
import json, sys, warnings
warnings.simplefilter("ignore")
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
output = json.load(open(sys.argv[2]))
kind = "batch" if "pairs" in output else "repeat" if "sides" in output else "report"
if "baseline" in schema["definitions"]:
    kind = "held" if "held" in output else "baseline"
schema.pop("oneOf")
schema["$ref"] = "#/definitions/" + kind  # the one that is meant: what is wrong is named then
bad = [f"{'/'.join(map(str, e.path))}: {e.message[:300]}" for e in jsonschema.Draft7Validator(schema).iter_errors(output)]
print("\n".join(bad[:10]))
sys.exit(bool(bad))
PY
valid() { # NAME ARGS...
    name=$1
    shift
    "$ANALYZE" "$@" --format json >out 2>err
    if "$PYTHON" validate.py "$SCHEMA" out >why 2>&1; then
        ok "schema: $name"
    else
        sed 's/^/    /' why
        not_ok "schema: $name (docs/syscap-summary.schema.json describes every key)"
    fi
}
mkdir d
small_log true rust_x.strace
small_log false cpp_x.strace '+++ killed by SIGABRT +++'
cp rust_x.strace d/rust_one.log
cp cpp_x.strace d/cpp_one.log
cp cpp_x.strace d/cpp_alone.log
printf '%s\n' '% time     seconds  usecs/call     calls    errors syscall' \
    '------ ----------- ----------- --------- --------- ----------------' \
    ' 60.00    0.000300           3       100           write' \
    '------ ----------- ----------- --------- --------- ----------------' \
    '100.00    0.000300                   100           total' >table.txt
valid "a log" rust_x.strace
valid "two logs, one of a dead run" rust_x.strace cpp_x.strace
valid "a log over time" rust_x.strace --over-time
valid "the other taxonomy" rust_x.strace cpp_x.strace --taxonomy seed
valid "a table of counts" table.txt
valid "a log and a table" rust_x.strace table.txt
valid "a batch" --batch d
valid "repeats" --repeat rust_x.strace rust_x.strace --vs cpp_x.strace cpp_x.strace
SCHEMA=$HERE/../../docs/syscap-baseline.schema.json
"$ANALYZE" cpp_x.strace --save-baseline died.json --allow-incomplete >log 2>&1
"$ANALYZE" rust_x.strace --save-baseline rust.json >log 2>&1
"$ANALYZE" table.txt --save-baseline table.json --allow-incomplete >log 2>&1
for file in died.json rust.json table.json; do
    check "schema: a baseline" "$PYTHON" validate.py "$SCHEMA" "$file"
done
valid "ranges of several runs" --repeat rust_x.strace rust_x.strace cpp_x.strace --save-baseline range.json --allow-incomplete
valid "a run held against a baseline" rust_x.strace --baseline died.json
valid "a dead run held" cpp_x.strace --baseline rust.json
sed 's/"runs": 1/"runs": 0/' rust.json >out
check "no baseline of no run" [ "$("$PYTHON" validate.py "$SCHEMA" out >/dev/null; echo $?)" -eq 1 ]
SCHEMA=$HERE/../../docs/syscap-summary.schema.json
if SYSCAP_STACK=8 "$RECORD" -o capture.bin -- sh -c 'ls / >f; cp f g; exit 3' >log 2>&1; [ -s capture.bin ]; then
    valid "a capture, with stacks" capture.bin --stacks
    valid "a capture over time" capture.bin --over-time
    valid "a capture and a log" capture.bin rust_x.strace
else
    not_ok "a capture for the schema"
fi
"$ANALYZE" rust_x.strace --format json | sed 's/"total": /"sum": /' >out
check "what does not fit is refused" [ "$("$PYTHON" validate.py "$SCHEMA" out >/dev/null; echo $?)" -eq 1 ]
finish
