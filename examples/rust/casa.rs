//! casacore's tables for Rust: safe handles over the C functions of glue.h.

use std::ffi::{CStr, CString, OsStr};
use std::marker::PhantomData;
use std::os::raw::{c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;

mod ffi {
    use super::{c_char, c_int, c_void};

    // Only ever used behind a pointer.
    macro_rules! opaque {
        ($($name:ident)*) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* };
    }
    opaque! { Layout Table Column Row Record }

    extern "C" {
        pub fn ct_error() -> *const c_char;
        pub fn ct_report_fatal_as(program: *const c_char);
        pub fn ct_layout_new() -> *mut Layout;
        pub fn ct_layout_free(layout: *mut Layout);
        pub fn ct_layout_add_scalar(layout: *mut Layout, column: *const c_char, cell_type: c_int) -> c_int;
        pub fn ct_layout_add_array(
            layout: *mut Layout,
            column: *const c_char,
            cell_type: c_int,
            shape: *const i32,
            ndim: usize,
            rows_per_tile: i32,
        ) -> c_int;
        pub fn ct_table_create(
            path: *const c_char,
            layout: *const Layout,
            rows: u64,
            initialize: c_int,
            storage: c_int,
        ) -> *mut Table;
        pub fn ct_table_close(table: *mut Table);
        pub fn ct_column_open(table: *mut Table, name: *const c_char) -> *mut Column;
        pub fn ct_column_free(column: *mut Column);
        pub fn ct_column_put(column: *mut Column, row: u64, cell: *const c_void) -> c_int;
        pub fn ct_column_put_all(column: *mut Column, rows: u64, cells: *const c_void) -> c_int;
        pub fn ct_column_get(column: *mut Column, row: u64, ret_cell: *mut c_void) -> c_int;
        pub fn ct_row_open(table: *mut Table) -> *mut Row;
        pub fn ct_row_free(row: *mut Row);
        pub fn ct_row_set(row: *mut Row, column: *const c_char, cell: *const c_void) -> c_int;
        pub fn ct_row_put(row: *mut Row, number: u64) -> c_int;
        pub fn ct_row_copy(row: *mut Row) -> *mut Record;
        pub fn ct_record_free(record: *mut Record);
        pub fn ct_row_put_record(row: *mut Row, number: u64, record: *const Record) -> c_int;
    }
}

pub type Result<T> = std::result::Result<T, String>;

/// As enum ct_type in glue.h.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellType {
    Double = 0,
    Int = 1,
    Bool = 2,
    Complex = 3,
}

/// As enum ct_storage in glue.h.
#[derive(Clone, Copy)]
pub enum Storage {
    Default = 0,
    MMap = 1,
    Buffer = 2,
    Cache = 3,
}

/// The values of one cell, or of one column, as they lie in memory on the other side. A scalar is one value.
#[derive(Debug, PartialEq)]
pub enum Cells {
    Double(Vec<f64>),
    Int(Vec<i32>),
    Bool(Vec<bool>),
    Complex(Vec<[f32; 2]>),
}

impl Cells {
    /// No values yet, and room for as many.
    pub fn with_capacity(cell_type: CellType, capacity: usize) -> Cells {
        match cell_type {
            CellType::Double => Cells::Double(Vec::with_capacity(capacity)),
            CellType::Int => Cells::Int(Vec::with_capacity(capacity)),
            CellType::Bool => Cells::Bool(Vec::with_capacity(capacity)),
            CellType::Complex => Cells::Complex(Vec::with_capacity(capacity)),
        }
    }

    fn zeros(cell_type: CellType, len: usize) -> Cells {
        match cell_type {
            CellType::Double => Cells::Double(vec![0.0; len]),
            CellType::Int => Cells::Int(vec![0; len]),
            CellType::Bool => Cells::Bool(vec![false; len]),
            CellType::Complex => Cells::Complex(vec![[0.0; 2]; len]),
        }
    }

    fn cell_type(&self) -> CellType {
        match self {
            Cells::Double(_) => CellType::Double,
            Cells::Int(_) => CellType::Int,
            Cells::Bool(_) => CellType::Bool,
            Cells::Complex(_) => CellType::Complex,
        }
    }

    fn len(&self) -> usize {
        match self {
            Cells::Double(values) => values.len(),
            Cells::Int(values) => values.len(),
            Cells::Bool(values) => values.len(),
            Cells::Complex(values) => values.len(),
        }
    }

    fn as_ptr(&self) -> *const c_void {
        match self {
            Cells::Double(values) => values.as_ptr().cast(),
            Cells::Int(values) => values.as_ptr().cast(),
            Cells::Bool(values) => values.as_ptr().cast(),
            Cells::Complex(values) => values.as_ptr().cast(),
        }
    }

    fn as_mut_ptr(&mut self) -> *mut c_void {
        match self {
            Cells::Double(values) => values.as_mut_ptr().cast(),
            Cells::Int(values) => values.as_mut_ptr().cast(),
            Cells::Bool(values) => values.as_mut_ptr().cast(),
            Cells::Complex(values) => values.as_mut_ptr().cast(),
        }
    }
}

fn last_error() -> String {
    unsafe { CStr::from_ptr(ffi::ct_error()) }.to_string_lossy().into_owned()
}

fn done(status: c_int) -> Result<()> {
    if status == 0 {
        Ok(())
    } else {
        Err(last_error())
    }
}

fn handle<T>(pointer: *mut T) -> Result<*mut T> {
    if pointer.is_null() {
        Err(last_error())
    } else {
        Ok(pointer)
    }
}

fn c_string(text: &OsStr) -> Result<CString> {
    CString::new(text.as_bytes()).map_err(|_| String::from("a name with a zero byte in it"))
}

/// An error while a table is closed prints one line that begins with the name and ends the process with status 1.
/// casacore closes in a C++ destructor, so it can't be returned.
pub fn report_fatal_as(program: &'static CStr) {
    unsafe { ffi::ct_report_fatal_as(program.as_ptr()) }
}

/// What a column holds: its name, the type of its values and the shape of a cell, empty for a scalar.
pub struct ColumnDesc {
    name: CString,
    cell_type: CellType,
    shape: Vec<i32>,
}

impl ColumnDesc {
    pub fn new(name: &str, cell_type: CellType, shape: &[i32]) -> Result<ColumnDesc> {
        Ok(ColumnDesc { name: c_string(OsStr::new(name))?, cell_type, shape: shape.to_vec() })
    }

    pub fn name(&self) -> String {
        self.name.to_string_lossy().into_owned()
    }

    pub fn cell_type(&self) -> CellType {
        self.cell_type
    }

    /// Values in a cell.
    pub fn len(&self) -> usize {
        self.shape.iter().map(|&axis| axis as usize).product()
    }

    /// The other side reads and writes as many values as the column has, so this must hold before each call.
    fn expect(&self, cells: &Cells, rows: u64) {
        assert_eq!(cells.cell_type(), self.cell_type, "column {}: type", self.name());
        assert_eq!(cells.len() as u64, self.len() as u64 * rows, "column {}: number of values", self.name());
    }
}

/// The columns of a table that is to be created.
pub struct Layout(*mut ffi::Layout);

impl Layout {
    pub fn new() -> Result<Layout> {
        Ok(Layout(handle(unsafe { ffi::ct_layout_new() })?))
    }

    /// rows_per_tile 0: stored in the buckets of the standard storage manager. Otherwise (arrays only) tiled.
    pub fn add(&mut self, column: &ColumnDesc, rows_per_tile: i32) -> Result<()> {
        let (name, cell_type) = (column.name.as_ptr(), column.cell_type as c_int);
        let (shape, ndim) = (column.shape.as_ptr(), column.shape.len());
        done(unsafe {
            if ndim == 0 {
                ffi::ct_layout_add_scalar(self.0, name, cell_type)
            } else {
                ffi::ct_layout_add_array(self.0, name, cell_type, shape, ndim, rows_per_tile)
            }
        })
    }
}

impl Drop for Layout {
    fn drop(&mut self) {
        unsafe { ffi::ct_layout_free(self.0) }
    }
}

pub struct Table(*mut ffi::Table);

impl Table {
    /// Creates the table with its rows; a table that is there is replaced.
    pub fn create(path: &OsStr, layout: &Layout, rows: u64, initialize: bool, storage: Storage) -> Result<Table> {
        let path = c_string(path)?;
        let table =
            unsafe { ffi::ct_table_create(path.as_ptr(), layout.0, rows, c_int::from(initialize), storage as c_int) };
        Ok(Table(handle(table)?))
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        unsafe { ffi::ct_table_close(self.0) }
    }
}

pub struct Column<'a> {
    handle: *mut ffi::Column,
    desc: &'a ColumnDesc,
    _table: PhantomData<&'a Table>,
}

impl<'a> Column<'a> {
    pub fn open(table: &'a Table, desc: &'a ColumnDesc) -> Result<Column<'a>> {
        let column = handle(unsafe { ffi::ct_column_open(table.0, desc.name.as_ptr()) })?;
        Ok(Column { handle: column, desc, _table: PhantomData })
    }

    pub fn put(&self, row: u64, cell: &Cells) -> Result<()> {
        self.desc.expect(cell, 1);
        done(unsafe { ffi::ct_column_put(self.handle, row, cell.as_ptr()) })
    }

    pub fn put_all(&self, rows: u64, cells: &Cells) -> Result<()> {
        self.desc.expect(cells, rows);
        done(unsafe { ffi::ct_column_put_all(self.handle, rows, cells.as_ptr()) })
    }

    pub fn get(&self, row: u64) -> Result<Cells> {
        let mut cell = Cells::zeros(self.desc.cell_type, self.desc.len());
        done(unsafe { ffi::ct_column_get(self.handle, row, cell.as_mut_ptr()) })?;
        Ok(cell)
    }
}

impl Drop for Column<'_> {
    fn drop(&mut self) {
        unsafe { ffi::ct_column_free(self.handle) }
    }
}

/// A row of values that can be put into the table.
pub struct Row<'a>(*mut ffi::Row, PhantomData<&'a Table>);

impl<'a> Row<'a> {
    pub fn open(table: &'a Table) -> Result<Row<'a>> {
        Ok(Row(handle(unsafe { ffi::ct_row_open(table.0) })?, PhantomData))
    }

    pub fn set(&mut self, column: &ColumnDesc, cell: &Cells) -> Result<()> {
        column.expect(cell, 1);
        done(unsafe { ffi::ct_row_set(self.0, column.name.as_ptr(), cell.as_ptr()) })
    }

    pub fn put(&mut self, number: u64) -> Result<()> {
        done(unsafe { ffi::ct_row_put(self.0, number) })
    }

    pub fn copy(&mut self) -> Result<Record> {
        Ok(Record(handle(unsafe { ffi::ct_row_copy(self.0) })?))
    }

    pub fn put_record(&mut self, number: u64, record: &Record) -> Result<()> {
        done(unsafe { ffi::ct_row_put_record(self.0, number, record.0) })
    }
}

impl Drop for Row<'_> {
    fn drop(&mut self) {
        unsafe { ffi::ct_row_free(self.0) }
    }
}

pub struct Record(*mut ffi::Record);

impl Drop for Record {
    fn drop(&mut self) {
        unsafe { ffi::ct_record_free(self.0) }
    }
}
