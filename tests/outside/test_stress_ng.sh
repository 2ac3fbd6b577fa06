#!/bin/bash
# stress-ng's stressors, which find bugs in kernels: each ends and says the same without the library and with it, in both
# modes, and leaves a readable capture. Thirty of them in ./run.sh test; all of stressors.list in ./run.sh test-all, as
# root by an ordinary user too. A stressor alone: stress_ng.py --help.
. "$(dirname "$0")/lib_outside.sh"
if ! have stress-ng; then
    skip 60 stress-ng 'stress-ng: not there'
    finish
fi
echo "    $(stress-ng --version)"
# Where others than root can read it.
chmod 755 "$WORK"
cp "$LIB" "$WORK/libsyscap.so"
stressors() {
    TMPDIR=$WORK python3 "$LIB_ROOT/tests/outside/stress_ng.py" --library "$WORK/libsyscap.so" --analyze "$ANALYZE" "$@" || FAILED=1
}
if [ "$OUTSIDE" = short ]; then
    stressors --short
else
    stressors
    if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then stressors --user 65534; fi
fi
finish
