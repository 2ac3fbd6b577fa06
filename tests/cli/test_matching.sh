#!/bin/sh
# Which files of two runs are the same thing: by what the runs did and were told, however the captures are called.
. "$(dirname "$0")/lib.sh"

# writer FILE PROGRAM ARGUMENTS PATH...: a strace log of a run that writes 4 bytes to each path; SIZE: or so many
SIZE=4
writer() {
    to=$1 program=$2 arguments=$3
    shift 3
    {
        list="\"$program\""
        for argument in $arguments; do list="$list, \"$argument\""; done
        say "execve(\"$program\", [$list], 0x7ffc00000000 /* 9 vars */) = 0"
        for path in "$@"; do
            say "openat(AT_FDCWD, \"$path\", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3"
            say "write(3, \"abcd\"..., $SIZE) = $SIZE"
            say 'close(3) = 0'
        done
        say 'exit_group(0) = ?'
        say '+++ exited with 0 +++'
    } >"$to"
}

files() {
    sed -n '/^## Files/,/^$/p' out
}
matched() { # NAME LOG LOG FILE...: the report's files are these, and both runs used each
    name=$1
    run 0 "$name" "$2" "$3"
    shift 3
    check "$name: as one" [ "$(files | grep '^[^ #]' | grep -v '^ *opens' | sort | tr '\n' ' ')" = "$* " ]
    check "$name: on both sides" [ "$(files | grep -c 'not used')" = 0 ]
}
apart() { # NAME LOG LOG: each file is of one side only
    run 0 "$1" "$2" "$3"
    check "$1: not as one" [ "$(files | grep -c 'not used')" -ge 2 ]
}

for names in rust_x:cpp_x a:b new:old; do
    a=${names%:*}.strace b=${names#*:}.strace
    writer "$a" ./prog "" /a/rust.ms/t0 /a/rust.ms/t1
    writer "$b" ./prog "" /b/cpp.ms/t0 /b/cpp.ms/t1
    matched "languages, captures called $names" "$a" "$b" TABLE.ms/t0 TABLE.ms/t1
    writer "$a" ./prog "-o first.dat" /a/first.dat
    writer "$b" ./prog "-o second.dat" /a/second.dat
    matched "words of the command lines, $names" "$a" "$b" TABLE.dat
    writer "$a" ./prog "-o first.dat" first.dat
    writer "$b" ./prog "-v -o second.dat" second.dat
    matched "of the same option, with relative names, $names" "$a" "$b" TABLE.dat
    writer "$a" ./my_fast_prog "" /a/fast.out
    writer "$b" ./my_slow_prog "" /a/slow.out
    matched "words of the programs' names, $names" "$a" "$b" TABLE.out
    writer "$a" ./prog "--name=one" /a/log-one.txt /a/one/t
    writer "$b" ./prog "--name=two" /a/log-two.txt /a/two/t
    matched "in the middle of names, $names" "$a" "$b" TABLE-log.txt TABLE/t
    writer "$a" ./prog "--dir /a/run-1" /a/run-1/f
    writer "$b" ./prog "--dir /a/run-2" /a/run-2/f
    matched "numbers with their word, $names" "$a" "$b" TABLE/f
    writer "$a" ./prog "-o out.ms" /a/out.ms
    writer "$b" ./prog "-o my_out.ms" /a/my_out.ms
    matched "a word more, $names" "$a" "$b" TABLE.ms
    writer "$a" ./prog "-o out_b.ms" /a/out_b.ms
    writer "$b" ./prog "-o out.ms" /a/out.ms
    matched "a word less, $names" "$a" "$b" TABLE.ms
    writer "$a" ./prog "-o /a/x/out.ms" /a/x/out.ms/f
    writer "$b" ./prog "-o /b/y/out.ms" /b/y/out.ms/f
    matched "in another place, $names" "$a" "$b" TABLE.ms/f
done
writer run-new.strace ./prog "" /a/run_new.ms /a/Run.New.log
writer run-old.strace ./prog "" /a/run_old.ms /a/Run.Old.log
matched "labels with other signs in them" run-new.strace run-old.strace TABLE.log TABLE.ms

writer a.strace ./prog "-n 1" /a/part1 /a/part2
writer b.strace ./prog "-n 2" /a/part1 /a/part2
matched "what has one name on both sides keeps it" a.strace b.strace /a/part1 /a/part2
writer a.strace ./prog "-o one.dat" /a/one.dat
writer b.strace ./prog "-o two.dat" /a/three.dat
apart "what nothing says is the same" a.strace b.strace
has "it is said what would match it" \
    "NOTE: 1 file of both sides looks like the same under other names; try --map /a/one.dat=/a/three.dat." out
run 0 "as it was said" a.strace b.strace --map /a/one.dat=/a/three.dat
check "it does" [ "$(files | grep -c 'not used')" = 0 ]
check "and is not said again" [ "$(grep -c 'try --map' out)" = 0 ]
writer a.strace ./prog "" /a/x/one /a/x/two
writer b.strace ./prog "" /tmp/q/zz/one /tmp/q/zz/two
apart "two folders" a.strace b.strace
has "one rule for both" "NOTE: 2 files of both sides look like the same under other names; try --map /a/x=/tmp/TEMP/zz." out
run 0 "two folders, as it was said" a.strace b.strace --map /a/x=/tmp/TEMP/zz
check "match" [ "$(files | grep -c 'not used')" = 0 ]
SIZE=5
writer a.strace ./prog "" /a/one.dat
SIZE=4
writer b.strace ./prog "" /a/three.dat
apart "not alike" a.strace b.strace
check "nothing is suggested" [ "$(grep -c 'try --map' out)" = 0 ]

# Names that mkstemp drew without a digit: told by how the file is made.
for side in a:qwertz:abcdef b:yxcvbn:fedcba; do
    drawn=${side#*:}
    writer "${side%%:*}.strace" ./prog "" "/a/t.${drawn%:*}" "/a/cc${drawn#*:}.o"
    sed 's/O_TRUNC, 0666/O_EXCL, 0600/' "${side%%:*}.strace" >made
    mv made "${side%%:*}.strace"
done
matched "names that were drawn" a.strace b.strace /a/ccTEMP.o /a/t.TEMP
writer a.strace ./prog "" /a/secret /a/t.config
sed 's/O_TRUNC, 0666/O_EXCL, 0600/' a.strace >b.strace
cp b.strace a.strace
matched "one name on both sides was not drawn" a.strace b.strace /a/secret /a/t.config

# What others draw, and by how the names of both runs are around it: Python eight characters, Perl ten.
new() { # MODE: each open of both logs wants its file new
    for log in a.strace b.strace; do
        sed "s/O_TRUNC, 0666/O_EXCL, $1/" "$log" >made
        mv made "$log"
    done
}
writer a.strace ./prog "" /a/tmpqwertzui /a/tmpasd_ghjk.txt /a/xAbcdefghij
writer b.strace ./prog "" /a/tmppqowieur /a/tmpmnbvcxyl.txt /a/xJihgfedcba
new 0600
matched "drawn by Python and Perl" a.strace b.strace /a/tmpTEMP /a/tmpTEMP.txt /a/xTEMP
writer a.strace ./prog "" /a/tmpqwertzui /a/tmpasd_ghjk /a/tmprr396540
writer b.strace ./prog "" /a/tmppqowieur /a/tmpmnbvcxyl /a/tmpkjhzt63g
new 0600
matched "a draw that ends as a number does, among others" a.strace b.strace /a/tmpTEMP "/a/tmpTEMP#2" "/a/tmpTEMP#3"
writer a.strace ./prog "" /a/out_000001 /a/out_000002
writer b.strace ./prog "" /a/out_000003 /a/out_000004
new 0600
apart "what is counted was not drawn" a.strace b.strace
writer a.strace ./prog "" /a/report-first /a/tmp_obj_aB3dEf /a/tmp_obj_qwertz
writer b.strace ./prog "" /a/report-other /a/tmp_obj_7eDc1A /a/tmp_obj_yxcvbn
new 0666
apart "nor what is a word, for everybody to see" a.strace b.strace
check "but what looks like it, and all like that" [ "$(files | grep -c '^/a/tmp_obj_TEMP')" = 2 ]
for side in a:abcdef b:fedcba; do
    writer "${side%%:*}.strace" ./prog "" "/a/t_${side#*:}/f"
    sed "2i $(sed -n 's/execve.*/mkdir("\/a\/t_/p' "${side%%:*}.strace")${side#*:}\", 0700) = 0" \
        "${side%%:*}.strace" >made
    mv made "${side%%:*}.strace"
done
matched "below a folder that was drawn" a.strace b.strace /a/t_TEMP/f
writer a.strace ./prog "" /a/results/f
writer b.strace ./prog "" /a/f
sed -i '2i mkdir("/a/results", 0700) = 0' a.strace
run 0 "a folder of one side" a.strace b.strace
has "keeps its name" '/a/results/f' out
pids() { # FILE PID PATH...
    to=$1 pid=$2
    shift 2
    writer "$to" ./prog "" "$@"
    sed "s/^/$pid /" "$to" >made
    mv made "$to"
}
pids a.strace 4711 /a/f.4711 /a/box.1700000000.host.4711
pids b.strace 4942 /a/f.4942 /a/box.1700000007.host.4942
matched "with the number of the process" a.strace b.strace /a/box.TIME.host.PID /a/f.PID
pids a.strace 4711 /a/f.4942
pids b.strace 4942 /a/f.4711
apart "a number of another one" a.strace b.strace

# --map wins over every rule, and over the names that the rules make.
writer a.strace ./prog "-o /a/rust.ms" /a/rust.ms /tmp/x/one
writer b.strace ./prog "-o /a/cpp.ms" /a/cpp.ms /tmp/y/two
run 0 "--map" a.strace b.strace --map /a/rust.ms=/m/first --map /a/cpp.ms=/m/first --map /tmp/x/one=/m/2 --map /tmp/TEMP/two=/m/2
check "--map: its names alone" [ "$(files | grep '^/' | sort | tr '\n' ' ')" = "/m/2 /m/first " ]
check "--map: matches" [ "$(files | grep -c 'not used')" = 0 ]

# One run alone has its real names in the report; its log is there to be compared.
writer a.strace ./prog "-o /tmp/abc/f.aB3dE6" /tmp/abc/f.aB3dE6 /home/joe/g
run 0 "one run" a.strace -o a.txt
check "one run: its files" [ "$(files | grep '^/' | sort | tr '\n' ' ')" = "/home/joe/g /tmp/abc/f.aB3dE6 " ]
check "one run: nothing is replaced" [ "$(grep -cE 'TEMP|USER|Mappings' out)" = 0 ]
has "one run: its log" '/tmp/TEMP/f.TEMP' a.txt
run 0 "one run with --map" a.strace --map /tmp/abc=/m
has "one run: --map" "/m/f.aB3dE6" out
# Relative names of outputs are shown as the outputs are, so that equal runs are equal.
enters() { # FILE NAME
    writer "$1" cp "in.txt $2" "$2"
    sed -i '1a chdir("/data") = 0\nunlink("'"$2"'") = -1 ENOENT (No such file or directory)' "$1"
}
enters za.strace zo1
enters zb.strace zo2
run 0 "relative names of outputs differ in nothing" za.strace zb.strace --exit-code --output-dir rel
check "no line is left" [ "$(grep -c 'zo[12]"' rel/za_vs_zb_comparison.diff)" = 0 ]
has "they have the output's name" 'unlink("TABLE")' rel/za_formatted.txt
has "they are only names" "NOTE: other names: argument 2 zo1 / zo2" out
mkdir rel_batch
cp za.strace rel_batch/rust_z.strace
cp zb.strace rel_batch/cpp_z.strace
run 0 "nor in a batch" --batch rel_batch --output-dir rel
has "they are identical" IDENTICAL out

# What stands for one another in the command lines and was written is one, whatever options one side has more.
writer a.strace git "clone -q bare.git o1/c" o1/c/f1.c o1/c/x/f2.c
writer b.strace git "clone --no-local -q bare.git o2/c" o2/c/f1.c o2/c/x/f2.c
matched "in two folders, with an option more" a.strace b.strace TABLE/f1.c TABLE/x/f2.c
writer a.strace git "clone -q bare.git o1/c" o1/c/f1.c
writer b.strace git "clone -q bare.git o2/c" o2/c/f1.c
run 0 "the folders above" a.strace b.strace --summary-only --exit-code
writer a.strace cp "-r src 1" 1/one 1/x/two
writer b.strace cp "-r --reflink=never src 2" 2/one 2/x/two
matched "a number" a.strace b.strace TABLE/one TABLE/x/two
has "a number: it is only a name" "NOTE: other names: argument 2 1 / 2" out
writer a.strace ./prog "one two" one two
writer b.strace ./prog "two one" two one
matched "what both wrote keeps its name" a.strace b.strace one two
writer a.strace tar "cf a.tar d" a.tar
writer b.strace tar "-b1 -cf b.tar d" b.tar
matched "an option's value" a.strace b.strace TABLE.tar

# A note that counts no further says so.
many() { # FILE FOLDER
    writer "$1" ./prog "" $(seq -f "/$2/f%g.dat" 300)
}
many a.strace first
many b.strace second
run 0 "300 files" a.strace b.strace --summary-only
has "at least so many" "NOTE: at least 256 files of both sides look like the same" out

# Names that a number tells apart are said where the two runs have not as many of them.
writer a.strace ./prog "" /tmp/x1/f /tmp/x2/f
writer b.strace ./prog "" /tmp/y1/f
run 0 "against itself" a.strace a.strace --summary-only
check "nothing is said of its numbers" [ "$(grep -cE 'WARNING|NOTE' out)" = 0 ]
run 0 "one file more" a.strace b.strace --summary-only
has "one line" "NOTE: 2 / 1 files would be called /tmp/TEMP, and are numbered in the order of their use" out
check "no warning" [ "$(grep -c WARNING out)" = 0 ]

# Hashes of contents: one shape, in the order of first use; where both runs have one, it is the same thing.
one=9bab54a0ed0c9e4bf9c39d1aa7c4ff5c4ba6f2aa two=eeca57af3d0f3cbcdab3a9ac111bd613a2b96f4d three=0123456789abcdef0123456789abcdef
number=01234567890123456789012345678901
writer a.strace ./prog "" /a/pack-$one.pack /a/pack-$one.idx /a/pack-$three.pack
writer b.strace ./prog "" /a/pack-$two.pack /a/pack-$two.idx /a/pack-$three.pack
matched "names by contents" a.strace b.strace /a/pack-$three.pack /a/pack-HASH.idx /a/pack-HASH.pack
has "the log has no other name" pack-HASH.idx out
writer a.strace ./prog "" /a/$one/f /a/$three/g
writer b.strace ./prog "" /a/$two/f /a/ab$three/g
matched "folders by contents" a.strace b.strace /a/HASH1/f /a/HASH2/g
# As git spreads them; where both have an object in a folder, that keeps its name.
writer a.strace ./prog "" /o/9b/$one /o/77/$three
writer b.strace ./prog "" /o/ee/$two /o/77/$three
matched "folders of two digits" a.strace b.strace /o/77/$three /o/HH/HASH
writer a.strace ./prog "" /o/77/$one /o/77/$three
writer b.strace ./prog "" /o/77/$two /o/77/$three
matched "and one that both have" a.strace b.strace /o/77/$three /o/77/HASH
writer a.strace ./prog "" /a/1$number /a/g$three
writer b.strace ./prog "" /a/2$number /a/h$three
apart "a number, and no word of its own" a.strace b.strace
writer a.strace ./prog "" /a/pack-$one.pack
run 0 "one run keeps them" a.strace
has "one run: its hash" "/a/pack-$one.pack" out

finish
