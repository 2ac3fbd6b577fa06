// Files, goroutines on many threads, signals, children: what they did is printed, and is the same in each run.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
)

const (
	writers = 50
	writes  = 100
	signals = 20
	// Each of these threads ends, while others begin.
	ownThreads = 60
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func writeFile(i int) {
	name := fmt.Sprint("of_goroutine_", i)
	file, err := os.Create(name)
	must(err)
	for k := 0; k < writes; k++ {
		_, err = file.Write([]byte("zeile"))
		must(err)
	}
	must(file.Close())
	all, err := os.ReadFile(name)
	must(err)
	if len(all) != 5*writes {
		panic("not what was written")
	}
}

// A goroutine that has this thread for itself; the thread ends with it.
func ownThread(i int) {
	runtime.LockOSThread()
	writeFile(writers + i)
}

// So deep that its stack is made larger on the way, and a call at the bottom of each.
func deep(n int) int {
	var room [64]byte
	room[n%64] = byte(n)
	syscall.Getppid()
	if n == 0 {
		return int(room[0])
	}
	return deep(n-1) + int(room[n%64])%2
}

func run(name string, arguments ...string) {
	out, err := exec.Command(name, arguments...).CombinedOutput()
	fmt.Printf("%s%v\n", out, err)
}

func main() {
	own, err := os.Executable()
	must(err)
	fmt.Println(filepath.Base(own), os.Args[1:])
	if len(os.Args) > 1 {
		os.Exit(5)
	}
	var group sync.WaitGroup
	for i := 0; i < writers; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			writeFile(i)
			if i < 5 {
				deep(2000)
			}
		}(i)
	}
	for i := 0; i < ownThreads; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			ownThread(i)
		}(i)
	}
	group.Wait()
	come := make(chan os.Signal, 1)
	signal.Notify(come, syscall.SIGUSR1)
	for i := 0; i < signals; i++ {
		must(syscall.Kill(os.Getpid(), syscall.SIGUSR1))
		<-come
	}
	fmt.Println("signals", signals)
	run("/bin/echo", "dynamic")
	run("/proc/self/exe", "itself")
	run(own, "by name")
	run("/nonesuch")
	_, err = os.Open("/nonesuch")
	fmt.Println(err)
}
