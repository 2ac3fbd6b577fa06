//! The command line of rust_example: what may be given, what it defaults to.

use std::ffi::{OsStr, OsString};

/// Up to here every value that the example writes fits its column type exactly or by plain rounding.
const MAX_ROWS: u64 = 1_000_000_000;

pub const USAGE: &str = "\
usage: rust_example [--path P] [--rows N]
    [--mode table_put_row|table_put_cell|column_put|column_put_bulk|row_put_bulk]
    [--initialize true|false] [--storage default|mmap|buffer|cache]
    [--arrays none|standard|tiled]
Writes a casacore table and reads it back row by row. A table that is at P is replaced.
";

#[derive(Clone, Copy)]
pub enum Mode {
    TablePutRow,
    TablePutCell,
    ColumnPut,
    ColumnPutBulk,
    RowPutBulk,
}

#[derive(Clone, Copy)]
pub enum Storage {
    Default,
    MMap,
    Buffer,
    Cache,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Arrays {
    None,
    Standard,
    Tiled,
}

pub struct Options {
    pub path: OsString,
    pub rows: u64,
    pub mode: Mode,
    pub initialize: bool,
    pub storage: Storage,
    pub arrays: Arrays,
    /// --help was given; nothing else counts then.
    pub help: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            path: OsString::from("rust.ms"),
            rows: 100,
            mode: Mode::TablePutRow,
            initialize: false,
            storage: Storage::Default,
            arrays: Arrays::None,
            help: false,
        }
    }
}

/// Control characters in an argument would break the promise of one line.
fn printable(text: &OsStr) -> String {
    let visible = |c: char| if c.is_control() { '?' } else { c };
    text.to_string_lossy().chars().map(visible).collect()
}

fn parse_rows(text: &OsStr) -> Result<u64, String> {
    // Digits only: parse() alone would take a plus sign as well.
    let digits = text.to_str().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(rows) if rows <= MAX_ROWS => Ok(rows),
        _ => Err(format!("--rows: '{}' is not a whole number from 0 to {}", printable(text), MAX_ROWS)),
    }
}

fn choose<T: Copy>(name: &str, text: &OsStr, choices: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, value)) = choices.iter().find(|(word, _)| text == OsStr::new(word)) {
        return Ok(*value);
    }
    let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
    Err(format!("{}: '{}' is none of {}", name, printable(text), words.join(", ")))
}

impl Options {
    fn apply(&mut self, name: &OsStr, next: Option<OsString>) -> Result<(), String> {
        let value = || next.ok_or_else(|| format!("{}: needs a value", printable(name)));
        match name.to_str() {
            Some("--path") => {
                self.path = value()?;
                if self.path.is_empty() {
                    return Err(String::from("--path: must not be empty"));
                }
            }
            Some("--rows") => self.rows = parse_rows(&value()?)?,
            Some("--mode") => {
                let choices = [
                    ("table_put_row", Mode::TablePutRow),
                    ("table_put_cell", Mode::TablePutCell),
                    ("column_put", Mode::ColumnPut),
                    ("column_put_bulk", Mode::ColumnPutBulk),
                    ("row_put_bulk", Mode::RowPutBulk),
                ];
                self.mode = choose("--mode", &value()?, &choices)?;
            }
            Some("--initialize") => {
                self.initialize = choose("--initialize", &value()?, &[("true", true), ("false", false)])?;
            }
            Some("--storage") => {
                let choices = [
                    ("default", Storage::Default),
                    ("mmap", Storage::MMap),
                    ("buffer", Storage::Buffer),
                    ("cache", Storage::Cache),
                ];
                self.storage = choose("--storage", &value()?, &choices)?;
            }
            Some("--arrays") => {
                let choices = [("none", Arrays::None), ("standard", Arrays::Standard), ("tiled", Arrays::Tiled)];
                self.arrays = choose("--arrays", &value()?, &choices)?;
            }
            _ => return Err(format!("unknown argument '{}'", printable(name))),
        }
        Ok(())
    }

    /// The error is one line that names the argument. Where an argument is given twice, the last one counts.
    pub fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options::default();
        while let Some(name) = args.next() {
            if name == "--help" {
                options.help = true;
                break;
            }
            options.apply(&name, args.next())?;
        }
        Ok(options)
    }
}
