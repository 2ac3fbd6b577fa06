// Writes and reads by the standard library: files, a buffered writer, a directory, a thread and a child.
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};

fn main() -> std::io::Result<()> {
    fs::create_dir_all("folder/inner")?;
    let mut out = BufWriter::new(File::create("folder/lines.txt")?);
    for i in 0..5000 {
        writeln!(out, "line {}", i)?;
    }
    out.flush()?;
    drop(out);
    let total: usize = BufReader::new(File::open("folder/lines.txt")?).lines().map(|l| l.unwrap().len()).sum();
    let mut file = File::options().read(true).write(true).create(true).open("binary")?;
    for _ in 0..100 {
        file.write_all(&[0u8; 300])?;
    }
    file.seek(SeekFrom::Start(10))?;
    file.write_all(b"data")?;
    file.set_len(20000)?;
    let thread = std::thread::spawn(|| fs::write("by_thread", b"thread").unwrap());
    thread.join().unwrap();
    let mut names: Vec<_> = fs::read_dir(".")?.map(|e| e.unwrap().file_name()).collect();
    names.sort();
    println!("{} {:?}", total, names);
    let child = std::process::Command::new("/bin/echo").arg("child").stderr(std::process::Stdio::inherit()).output()?;
    print!("{}", String::from_utf8_lossy(&child.stdout));
    fs::remove_file("binary")?;
    Ok(())
}
