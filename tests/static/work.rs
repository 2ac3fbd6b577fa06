//! Files, threads, children, a panic that is caught: what they did is printed, and is the same in each run.
use std::io::{Read, Seek, SeekFrom, Write};
use std::{env, fs, panic, process, thread};

fn write_file(i: usize) -> usize {
    let mut file = fs::OpenOptions::new().create(true).read(true).write(true).open(format!("of_thread_{i}")).unwrap();
    for _ in 0..100 {
        file.write_all(b"zeile").unwrap();
    }
    file.seek(SeekFrom::Start(0)).unwrap();
    let mut all = Vec::new();
    file.read_to_end(&mut all).unwrap()
}

fn run(name: &str, arguments: &[&str]) {
    match process::Command::new(name).args(arguments).output() {
        Ok(done) => println!("{}{:?}", String::from_utf8_lossy(&done.stdout), done.status.code()),
        Err(error) => println!("{error}"),
    }
}

fn main() {
    let own = env::current_exe().unwrap();
    println!("{:?} {:?}", own.file_name().unwrap(), env::args().skip(1).collect::<Vec<_>>());
    if env::args().len() > 1 {
        process::exit(5);
    }
    let threads: Vec<_> = (0..20).map(|i| thread::spawn(move || write_file(i))).collect();
    println!("{}", threads.into_iter().map(|t| t.join().unwrap()).sum::<usize>());
    panic::set_hook(Box::new(|_| {}));
    println!("caught {}", panic::catch_unwind(|| fs::read("/nonesuch").unwrap()).is_err());
    run("/bin/echo", &["dynamic"]);
    run("/proc/self/exe", &["itself"]);
    run(own.to_str().unwrap(), &["by name"]);
    run("/nonesuch", &[]);
}
