//! Writes a casacore table and reads it back row by row, through a C binding to casacore (glue.h).
//!
//! examples/cpp/cpp_example.cpp does the same job with casacore's own C++ classes: the same classes, used in the same
//! order, so that for equal parameters both leave the same bytes. Whoever changes one of the two changes the other;
//! examples/check_identical.sh notices if not.
//!
//! Exit status: 0 done, 1 the table could not be written or did not read back as written, 2 bad arguments.

mod casa;
mod options;

use casa::{CellType, Cells, Column, ColumnDesc, Layout, Record, Row, Table};
use options::{Arrays, Mode, Options};
use std::ffi::CStr;
use std::io::Write;
use std::process::exit;

const CELL_SHAPE: [i32; 2] = [4, 8];

/// A column and the values that go into it.
struct Spec {
    column: ColumnDesc,
    /// Which of its type, from 1.
    index: u32,
}

impl Spec {
    fn new(name: &str, cell_type: CellType, shape: &[i32], index: u32) -> Result<Spec, String> {
        Ok(Spec { column: ColumnDesc::new(name, cell_type, shape)?, index })
    }

    fn is_array(&self) -> bool {
        self.column.len() > 1
    }

    /// Values depend on row and column only: equal parameters have to give equal bytes. No value of the first column
    /// is zero, so a write of nothing but zeros is never data.
    fn append(&self, cells: &mut Cells, row: u64) {
        let elements = 0..self.column.len() as u64;
        match cells {
            Cells::Double(values) => values.push(0.25 * f64::from(self.index) * (row + 1) as f64),
            Cells::Int(values) => values.push((u64::from(self.index) * (row + 1)) as i32),
            Cells::Bool(values) if self.is_array() => values.extend(elements.map(|e| (row + e) % 3 == 0)),
            Cells::Bool(values) => values.push(row % 2 == 0),
            Cells::Complex(values) => values.extend(elements.map(|e| [(row + 1) as f32, 0.5 * e as f32])),
        }
    }

    fn all(&self, rows: std::ops::Range<u64>) -> Cells {
        let len = self.column.len() * (rows.end - rows.start) as usize;
        let mut cells = Cells::with_capacity(self.column.cell_type(), len);
        for row in rows {
            self.append(&mut cells, row);
        }
        cells
    }

    fn at(&self, row: u64) -> Cells {
        self.all(row..row + 1)
    }
}

/// The columns, in the order in which they stand in the table.
fn specs(arrays: Arrays) -> Result<Vec<Spec>, String> {
    let mut specs = Vec::new();
    for index in 1..=7 {
        specs.push(Spec::new(&format!("DOUBLE{}", index), CellType::Double, &[], index)?);
    }
    for index in 1..=2 {
        specs.push(Spec::new(&format!("INT{}", index), CellType::Int, &[], index)?);
    }
    specs.push(Spec::new("BOOL1", CellType::Bool, &[], 1)?);
    if arrays != Arrays::None {
        specs.push(Spec::new("COMPLEX_ARRAY", CellType::Complex, &CELL_SHAPE, 1)?);
        specs.push(Spec::new("BOOL_ARRAY", CellType::Bool, &CELL_SHAPE, 1)?);
    }
    Ok(specs)
}

/// The largest number up to 32 that divides the rows, so that no tile is left partly empty: with buffered storage
/// casacore fills what is left with uninitialised memory, and no two runs would write the same bytes.
fn rows_per_tile(rows: u64) -> i32 {
    (1..=32).rev().find(|&tile| rows % tile as u64 == 0).unwrap_or(1)
}

/// The rows are created here, with the table: only so does `initialize` mean anything.
fn create_table(specs: &[Spec], options: &Options) -> Result<Table, String> {
    let mut layout = Layout::new()?;
    for spec in specs {
        let tiled = spec.is_array() && options.arrays == Arrays::Tiled;
        layout.add(&spec.column, if tiled { rows_per_tile(options.rows) } else { 0 })?;
    }
    // How the tiled storage manager reaches its files; without --arrays tiled it makes no difference.
    let storage = match options.storage {
        options::Storage::Default => casa::Storage::Default,
        options::Storage::MMap => casa::Storage::MMap,
        options::Storage::Buffer => casa::Storage::Buffer,
        options::Storage::Cache => casa::Storage::Cache,
    };
    Table::create(&options.path, &layout, options.rows, options.initialize, storage)
}

fn set_row(row: &mut Row, specs: &[Spec], number: u64) -> Result<(), String> {
    specs.iter().try_for_each(|spec| row.set(&spec.column, &spec.at(number)))
}

/// Row by row, through one row object.
fn table_put_row(table: &Table, specs: &[Spec], rows: u64) -> Result<(), String> {
    let mut row = Row::open(table)?;
    for number in 0..rows {
        set_row(&mut row, specs, number)?;
        row.put(number)?;
    }
    Ok(())
}

/// Cell by cell, looking the column up by its name each time.
fn table_put_cell(table: &Table, specs: &[Spec], rows: u64) -> Result<(), String> {
    for number in 0..rows {
        for spec in specs {
            Column::open(table, &spec.column)?.put(number, &spec.at(number))?;
        }
    }
    Ok(())
}

/// Column by column, a cell at a time.
fn column_put(table: &Table, specs: &[Spec], rows: u64) -> Result<(), String> {
    for spec in specs {
        let column = Column::open(table, &spec.column)?;
        for number in 0..rows {
            column.put(number, &spec.at(number))?;
        }
    }
    Ok(())
}

/// Column by column, each in one call.
fn column_put_bulk(table: &Table, specs: &[Spec], rows: u64) -> Result<(), String> {
    for spec in specs {
        Column::open(table, &spec.column)?.put_all(rows, &spec.all(0..rows))?;
    }
    Ok(())
}

/// Rows prepared in memory a block at a time, then put together.
fn row_put_bulk(table: &Table, specs: &[Spec], rows: u64) -> Result<(), String> {
    const BLOCK_ROWS: usize = 64;
    let mut row = Row::open(table)?;
    for first in (0..rows).step_by(BLOCK_ROWS) {
        let numbers = first..rows.min(first + BLOCK_ROWS as u64);
        let mut block: Vec<Record> = Vec::new();
        for number in numbers.clone() {
            set_row(&mut row, specs, number)?;
            block.push(row.copy()?);
        }
        for (number, record) in numbers.zip(&block) {
            row.put_record(number, record)?;
        }
    }
    Ok(())
}

fn write_rows(table: &Table, specs: &[Spec], options: &Options) -> Result<(), String> {
    let write = match options.mode {
        Mode::TablePutRow => table_put_row,
        Mode::TablePutCell => table_put_cell,
        Mode::ColumnPut => column_put,
        Mode::ColumnPutBulk => column_put_bulk,
        Mode::RowPutBulk => row_put_bulk,
    };
    write(table, specs, options.rows)
}

/// Through the table that wrote: its storage manager keeps but two buckets, so nearly all comes from the file.
fn read_back(table: &Table, specs: &[Spec], rows: u64) -> Result<(), String> {
    let mut columns = Vec::new();
    for spec in specs {
        columns.push(Column::open(table, &spec.column)?);
    }
    for row in 0..rows {
        for (spec, column) in specs.iter().zip(&columns) {
            if column.get(row)? != spec.at(row) {
                let name = spec.column.name();
                return Err(format!("row {}, column {}: read back another value than was written", row, name));
            }
        }
    }
    Ok(())
}

fn run(options: &Options) -> Result<(), String> {
    let specs = specs(options.arrays)?;
    let table = create_table(&specs, options)?;
    write_rows(&table, &specs, options)?;
    read_back(&table, &specs, options.rows)
}

/// Reports and ends. A stderr that can't be written to is no reason to panic.
fn fail(status: i32, message: &str) -> ! {
    let _ = writeln!(std::io::stderr(), "rust_example: {}", message);
    exit(status)
}

fn main() {
    casa::report_fatal_as(CStr::from_bytes_with_nul(b"rust_example\0").expect("one zero byte, at the end"));
    let options = Options::parse(std::env::args_os().skip(1)).unwrap_or_else(|message| fail(2, &message));
    if options.help {
        let _ = std::io::stdout().write_all(options::USAGE.as_bytes());
        return;
    }
    run(&options).unwrap_or_else(|message| fail(1, &message));
}
