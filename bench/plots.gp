# The plots of docs/BENCHMARKS.md, from *.dat in the current folder; those whose data is not there are left out.
set terminal svg size 760,420 font "sans,12" background "white" noenhanced
set datafile separator "\t"
set grid ytics linecolor "#dddddd"
set border 3
set tics nomirror
set key outside right top
colour(i) = word("#7f7f7f #000000 #1f77b4 #ff7f0e #17becf #bcbd22 #d62728 #e377c2 #9467bd #8c564b #2ca02c #aec7e8 #98df8a", i)
there(file) = system("test -s ".file." && echo 1 || echo 0") + 0
is(column, what, value) = strcol(column) eq what ? value : NaN

if (there("call.dat")) {
    set output "call.svg"
    set title "Added to one call, one thread"
    set ylabel "ns, 1 and less at the bottom (log)"
    set logscale y
    set xtics rotate by -25
    array V = ["hook alone", "minimal", "interpose", "full", "interpose, 16 frames", "full, 16 frames", "strace -f", \
               "strace -f --seccomp-bpf", "ltrace -f -S", "uftrace", "perf trace", "LTTng-UST", "bpftrace"]
    set xrange [-0.5:6.5]
    plot for [i=1:|V|] "call.dat" using ($1 + (i - 7) * 0.04):(strcol(3) eq "1" ? is(4, V[i], $5 > 1 ? $5 : 1) : NaN) title V[i] \
             with points pointtype 7 pointsize 0.7 linecolor rgb colour(i), \
         "call.dat" using 1:(NaN):xtic(2) notitle
    set output
}

if (there("programs.dat")) {
    set output "programs.svg"
    set title "Elapsed time of whole programs, times without a recorder"
    set ylabel "times (log)"
    set logscale y
    set xrange [-0.5:7.5]
    array P = ["interpose", "full", "interpose, 16 frames", "full, 16 frames", "strace -f", "strace -f --seccomp-bpf", \
               "ltrace -f -S", "uftrace", "perf trace"]
    plot for [i=1:|P|] "programs.dat" using ($1 + (i - 5) * 0.04):(is(3, P[i], $4)) title P[i] \
             with points pointtype 7 pointsize 0.7 linecolor rgb colour(i + 2), \
         "programs.dat" using 1:(NaN):xtic(2) notitle
    set output
}

set logscale x
set xrange [*:*]
set xtics norotate autofreq
set format x "%.0f"
if (there("analysis.dat")) {
    array A = ["one capture", "two captures, summary", "two captures", "one strace log", "two strace logs"]
    set xlabel "calls, each run"
    set logscale y
    set output "analysis_time.svg"
    set title "syscap-analyze, whole report"
    set ylabel "seconds elapsed (log)"
    plot for [i=1:5] "analysis.dat" using 2:($1 == i ? $3 : NaN) title A[i] with linespoints pointtype 7 \
        linecolor rgb colour(i + 2)
    set output "analysis_memory.svg"
    set title "syscap-analyze, peak memory"
    set ylabel "MiB (log)"
    plot for [i=1:5] "analysis.dat" using 2:($1 == i ? $4 : NaN) title A[i] with linespoints pointtype 7 \
        linecolor rgb colour(i + 2)
    set output
}

if (there("growth.dat")) {
    array G = ["calls", "threads", "processes", "files", "descriptors"]
    set xlabel "times as many"
    set xrange [0.8:1300]
    unset logscale y
    set yrange [0:*]
    do for [plot in "time:5:ns_added_to_a_call memory:6:MiB_of_peak_memory_added_to_the_program bytes:7:bytes_a_call analysis:8:ns_of_analysis_per_call"] {
        name = system("echo ".plot." | cut -d: -f1")
        column = system("echo ".plot." | cut -d: -f2") + 0
        label = system("echo ".plot." | cut -d: -f3 | tr _ ' '")
        set output "growth_".name.".svg"
        set title "full mode: ".label
        set ylabel label
        if (name eq "analysis") { set logscale y; set yrange [*:*] }
        plot for [i=1:5] "growth.dat" using (strcol(1) eq G[i] && strcol(4) eq "full" ? $3 : NaN):(column(column)) \
            title G[i] with linespoints pointtype 7 linecolor rgb colour(i + 2)
        set output
    }
}
