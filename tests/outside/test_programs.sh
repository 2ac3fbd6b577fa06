#!/bin/bash
# Programs that load and unload many libraries, fork helpers or change their user, as their users start them: Open MPI, MPICH,
# GStreamer, Python with all its extension modules, Apache with its modules. Output, status and files are the same without
# the library and with it, in both modes, and the capture can be read.
. "$(dirname "$0")/lib_outside.sh"
PROGRAMS=$LIB_ROOT/tests/outside/programs
LIMIT=120 # seconds: a net for what hangs
chmod 755 "$WORK" # servers change their user
export TMPDIR=$WORK HOME=$WORK
# What each prepares for itself and the launcher's captures are not among the files that are compared.
files() {
    tree | grep -vE ' d |\.bin |\.bin$|registry|httpd\.pid|error\.log|apache\.conf'
}

# run_side MODE FUNCTION: in said.MODE all that can be seen of it. Lines of processes that run beside each other come in
# any order.
run_side() {
    rm -rf "$WORK/run" "$WORK"/p.*.bin && mkdir "$WORK/run" && chmod 755 "$WORK/run"
    (
        cd "$WORK/run" || exit 99
        MODE=$1 CAPTURE=$WORK/p.$1.bin
        { "$2"; } >../out 2>../err </dev/null
        echo "status $?" >>../out
    ) 2>/dev/null
    {
        sort out
        echo "--- stderr"
        sort err
        echo "--- files"
        (cd run && files)
    } >"said.$1"
}

readable() { # CAPTURES...
    local capture
    [ $# -gt 0 ] && [ -e "$1" ] || return 1
    for capture; do
        "$ANALYZE" "$capture" --format json >report.json 2>report.err || return 1
        # What is counted says that the library was at work in it.
        python3 -c 'import json; assert sum(json.load(open("report.json"))["runs"][0]["calls"].values()) > 10' || return 1
    done
}

# compare NAME FUNCTION LINE [CAPTURES]: LINE, an extended regular expression, shows in the run without the library that it
# did what it is for. CAPTURES: how many there are (1).
compare() {
    local mode title=$1 what=$2 line=$3 captures=${4:-1}
    run_side native "$what"
    if ! grep -qE "$line" said.native; then
        skip 4 "$title" "it does not run here without the library either: $(grep -v '^---' said.native | head -1)"
        return
    fi
    for mode in interpose full; do
        run_side $mode "$what"
        if cmp -s said.native said.$mode; then
            ok "- $title, $mode mode: the same with and without"
        else
            diff said.native said.$mode | head -15 | sed 's/^/    /'
            not_ok "- $title, $mode mode: the same with and without"
        fi
        # shellcheck disable=SC2012 # our own names
        [ "$(ls run/*.bin p.*.bin 2>/dev/null | wc -l)" -eq "$captures" ] && readable $(ls run/*.bin p.*.bin 2>/dev/null)
        check "- $title, $mode mode: its capture can be read" [ $? -eq 0 ]
    done
}

# limited COMMAND...: with the library all over, from the program that starts the others on.
limited() {
    side "$MODE" "$CAPTURE" timeout $LIMIT "$@"
}

# by_launcher PROGRAM...: what mpirun is given to run: each rank begins a capture of its own.
by_launcher() {
    if [ "$MODE" = native ]; then
        RANK=("$@")
    else
        RANK=("$RECORD" --mode "$MODE" -o "$WORK/run/%n.%p.bin" "$@")
    fi
}

# --- MPI
# What they complain of where there is no /sys has times, pids and two ranks' words in one line.
export OMPI_MCA_btl=^tcp UCX_LOG_LEVEL=fatal HWLOC_HIDE_ERRORS=2
for kind in openmpi mpich; do
    [ $kind = openmpi ] && packages="openmpi-bin libopenmpi-dev" || packages="mpich libmpich-dev"
    # shellcheck disable=SC2086 # a list of words
    if ! have $packages; then
        skip 12 "$kind" "$packages: not there"
        continue
    fi
    mpirun=(mpirun.$kind)
    if [ $kind = openmpi ]; then
        mpirun+=(--oversubscribe)
        [ "$(id -u)" -ne 0 ] || mpirun+=(--allow-run-as-root)
    fi
    if ! mpicc.$kind "$PROGRAMS/mpi_io.c" -o "mpi_io.$kind" >mpicc.log 2>&1; then
        sed 's/^/    /' mpicc.log
        not_ok "- $kind: the program builds"
        continue
    fi
    plain() { limited "${mpirun[@]}" -n 2 hostname; }
    with_files() { limited "${mpirun[@]}" -n 2 "$WORK/mpi_io.$kind"; }
    ranks() {
        by_launcher "$WORK/mpi_io.$kind"
        timeout $LIMIT "${mpirun[@]}" -n 2 "${RANK[@]}"
    }
    compare "$kind: mpirun hostname" plain '^status 0'
    compare "$kind: mpirun of a program with files" with_files '^2 ranks wrote 200 bytes'
    compare "$kind: mpirun syscap-record" ranks '^2 ranks wrote 200 bytes' 2
done

# --- GStreamer
if have gstreamer1.0-tools gstreamer1.0-plugins-base; then
    # The registry is new each time, so that a helper loads every plugin that there is.
    inspect() { GST_REGISTRY=$PWD/registry limited gst-inspect-1.0 --no-colors; }
    pipeline() {
        GST_REGISTRY=$PWD/registry limited gst-launch-1.0 -q \
            videotestsrc num-buffers=20 ! video/x-raw,width=64,height=48,framerate=25/1 ! tee name=t ! queue ! videoconvert ! \
            video/x-raw,format=RGB ! filesink location=rgb t. ! queue ! videoscale ! video/x-raw,width=32,height=24 ! \
            filesink location=small audiotestsrc num-buffers=50 ! audioconvert ! audioresample ! \
            audio/x-raw,format=S16LE,rate=8000,channels=1 ! filesink location=sound
    }
    compare 'GStreamer: all plugins' inspect '^status 0'
    compare 'GStreamer: a pipeline of threads into three files' pipeline '^rgb f'
else
    skip 8 GStreamer 'gstreamer1.0-tools, gstreamer1.0-plugins-base: not there'
fi

# --- Python
if /usr/bin/python3 -c '' 2>/dev/null; then
    import_all() { limited /usr/bin/python3 "$PROGRAMS/import_all.py"; }
    compare 'Python: all extension modules, by four threads' import_all '^_ctypes is there'
else
    skip 4 Python '/usr/bin/python3: not there'
fi

# --- Apache
apache2=$(PATH=$PATH:/usr/sbin command -v apache2)
modules=/usr/lib/apache2/modules
if have apache2-bin && [ -n "$apache2" ]; then
    # Every module that needs neither another one first nor a line of configuration.
    load_modules() {
        local module
        for module in mpm_event authz_core authz_host authn_core unixd mime dir alias autoindex deflate filter headers rewrite \
            expires env setenvif negotiation status info cache cache_disk cache_socache socache_shmcb socache_dbm \
            slotmem_shm dav dav_fs dav_lock dbd proxy proxy_http proxy_fcgi proxy_balancer lbmethod_byrequests http2 ssl \
            session session_cookie substitute sed include ext_filter reqtimeout ratelimit remoteip request usertrack \
            unique_id vhost_alias speling userdir version authn_file authz_user auth_basic auth_digest auth_form \
            authn_dbm authz_groupfile authn_anon access_compat actions allowmethods asis buffer charset_lite \
            xml2enc proxy_html data echo dumpio log_debug log_forensic macro watchdog heartmonitor lua; do
            [ ! -e $modules/mod_$module.so ] || echo "LoadModule ${module}_module $modules/mod_$module.so"
        done
    }
    load_modules >modules.conf
    # The port is free when it is asked for; where another program takes it, Apache says so and the run does not count.
    serve() {
        local port pid status
        port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
        mkdir -p pages/sub && echo '<p>first</p>' >pages/index.html && seq 20000 >pages/large.txt && echo x >pages/sub/x.txt
        sed -e "s|FOLDER|$PWD|g" -e "s|PORT|$port|" -e "/^MODULES/{r $WORK/modules.conf" -e 'd}' "$PROGRAMS/apache.conf" \
            >apache.conf
        limited "$apache2" -f "$PWD/apache.conf" -D FOREGROUND &
        pid=$!
        timeout $LIMIT python3 "$PROGRAMS/http_requests.py" "$port"
        # Gracefully: what is under way is finished first.
        [ ! -s httpd.pid ] || kill -WINCH "$(cat httpd.pid)"
        wait $pid
        status=$?
        sort -o access.log access.log
        grep -Eo 'exit signal [A-Za-z ]*' error.log
        return $status
    }
    compare 'Apache: all modules, requests, a graceful stop' serve '^GET / 200'
else
    skip 4 Apache 'apache2-bin: not there'
fi
finish
