// Writes a casacore table and reads it back row by row, with casacore's own C++ classes.
//
// examples/rust/rust_example.rs does the same job through a C binding: the same casacore classes, used in
// the same order, so that for equal parameters both leave the same bytes. Whoever changes one of the two
// changes the other; examples/check_identical.sh notices if not.
//
// Exit status: 0 done, 1 the table could not be written or did not read back as written, 2 bad arguments.
#include "options.h"

#include <casacore/casa/Arrays/ArrayLogical.h>
#include <casacore/tables/DataMan/StandardStMan.h>
#include <casacore/tables/DataMan/TSMOption.h>
#include <casacore/tables/DataMan/TiledColumnStMan.h>
#include <casacore/tables/Tables.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <unistd.h>
#include <vector>

namespace cc = casacore;
using RowNumber = std::uint64_t;

namespace
{

// ---- The columns: a name, the casacore classes that belong to the type, and the value of each row. ----
// Values depend on row and column only: equal parameters have to give equal bytes. No value of the first
// column is zero, so a write of nothing but zeros is never data.

const cc::IPosition cellShape(2, 4, 8);

template <class T> struct ScalarSpec {
    using Column = cc::ScalarColumn<T>;
    using Desc = cc::ScalarColumnDesc<T>;
    cc::String name;
    std::function<T(RowNumber)> at;

    Desc desc() const
    {
        return Desc(name);
    }
    cc::Vector<T> all(RowNumber rows) const
    {
        cc::Vector<T> values(rows);
        for (RowNumber row = 0; row < rows; row++)
            values[row] = at(row);
        return values;
    }
};

template <class T> struct ArraySpec {
    using Value = cc::Array<T>;
    using Column = cc::ArrayColumn<T>;
    using Desc = cc::ArrayColumnDesc<T>;
    cc::String name;
    std::function<T(RowNumber, int element)> elementAt;

    // Direct: the cell lies in the bucket itself, beside the scalars, and not in a file of its own.
    Desc desc() const
    {
        return Desc(name, cellShape, cc::ColumnDesc::Direct | cc::ColumnDesc::FixedShape);
    }
    Value at(RowNumber row) const
    {
        Value cell(cellShape);
        fill(cell.data(), row);
        return cell;
    }
    Value all(RowNumber rows) const
    {
        Value cells(cc::IPosition(3, cellShape[0], cellShape[1], rows));
        for (RowNumber row = 0; row < rows; row++)
            fill(cells.data() + row * cellShape.product(), row);
        return cells;
    }

  private:
    void fill(T *cell, RowNumber row) const
    {
        for (int element = 0; element < cellShape.product(); element++)
            cell[element] = elementAt(row, element);
    }
};

cc::Complex complexAt(RowNumber row, int element)
{
    return cc::Complex(static_cast<float>(row + 1), 0.5F * static_cast<float>(element));
}

// Calls visit(spec) for every column, in the order in which they stand in the table.
template <class Visit> void forEachColumn(Arrays arrays, Visit visit)
{
    for (int i = 1; i <= 7; i++)
        visit(ScalarSpec<cc::Double>{"DOUBLE" + std::to_string(i),
                                     [i](RowNumber row) { return 0.25 * i * static_cast<double>(row + 1); }});
    for (int i = 1; i <= 2; i++)
        visit(ScalarSpec<cc::Int>{"INT" + std::to_string(i),
                                  [i](RowNumber row) { return static_cast<cc::Int>(i * (row + 1)); }});
    visit(ScalarSpec<cc::Bool>{"BOOL1", [](RowNumber row) { return row % 2 == 0; }});
    if (arrays != Arrays::None) {
        visit(ArraySpec<cc::Complex>{"COMPLEX_ARRAY", complexAt});
        visit(ArraySpec<cc::Bool>{"BOOL_ARRAY", [](RowNumber row, int element) { return (row + element) % 3 == 0; }});
    }
}

// ---- Creating the table ----

// What --storage changes: how the tiled storage manager reaches its files (memory-mapped, through a buffer, or
// through its own cache of tiles). The standard storage manager does not look at it, so it makes no difference
// without --arrays tiled. The layout of the files is the same for all.
// The sizes say "casacore's default". Left out, casacore would take them from the user's configuration files.
cc::TSMOption tsmOption(Storage storage)
{
    cc::TSMOption::Option option = cc::TSMOption::Default;
    if (storage == Storage::MMap)
        option = cc::TSMOption::MMap;
    else if (storage == Storage::Buffer)
        option = cc::TSMOption::Buffer;
    else if (storage == Storage::Cache)
        option = cc::TSMOption::Cache;
    return cc::TSMOption(option, 0, -1);
}

// The largest number up to 32 that divides the rows, so that no tile is left partly empty: with buffered storage
// casacore fills what is left with uninitialised memory, and no two runs would write the same bytes.
int rowsPerTile(RowNumber rows)
{
    int tile = 32;
    while (rows % tile != 0)
        tile--;
    return tile;
}

void bindTiled(cc::SetupNewTable &setup, const cc::String &column, RowNumber rows)
{
    cc::TiledColumnStMan manager("TILED_" + column, cc::IPosition(3, cellShape[0], cellShape[1], rowsPerTile(rows)));
    setup.bindColumn(column, manager);
}

// The rows are created here, by the constructor: only so does `initialize` mean anything.
cc::Table createTable(const Options &options)
{
    cc::TableDesc desc("", cc::TableDesc::Scratch);
    forEachColumn(options.arrays, [&](const auto &spec) { desc.addColumn(spec.desc()); });
    if (options.arrays == Arrays::Tiled)
        for (const char *column : {"COMPLEX_ARRAY", "BOOL_ARRAY"})
            desc.defineHypercolumn(std::string("TILED_") + column, 3, cc::stringToVector(column));

    // Separate files, whatever the user's configuration asks for.
    cc::SetupNewTable setup(options.path, desc, cc::Table::New, cc::StorageOption(cc::StorageOption::SepFile, -1, 0));
    cc::StandardStMan standard("STANDARD");
    setup.bindAll(standard);
    if (options.arrays == Arrays::Tiled)
        for (const char *column : {"COMPLEX_ARRAY", "BOOL_ARRAY"})
            bindTiled(setup, column, options.rows);

    // A permanent lock: with automatic locking casacore looks every few seconds whether another process waits,
    // so a slow run (one under strace) would make more calls than a quick one.
    return cc::Table(setup, cc::TableLock(cc::TableLock::PermanentLocking), options.rows, options.initialize,
                     cc::Table::LittleEndian, tsmOption(options.storage));
}

// ---- The five ways to write ----

void setRecord(cc::TableRow &row, RowNumber number, Arrays arrays)
{
    forEachColumn(arrays, [&](const auto &spec) { row.record().define(spec.name, spec.at(number)); });
}

// Row by row, through one row object.
void tablePutRow(cc::Table &table, const Options &options)
{
    cc::TableRow row(table);
    for (RowNumber number = 0; number < options.rows; number++) {
        setRecord(row, number, options.arrays);
        row.put(number);
    }
}

// Cell by cell, looking the column up by its name each time.
void tablePutCell(cc::Table &table, const Options &options)
{
    for (RowNumber number = 0; number < options.rows; number++)
        forEachColumn(options.arrays, [&](const auto &spec) {
            typename std::decay_t<decltype(spec)>::Column column(table, spec.name);
            column.put(number, spec.at(number));
        });
}

// Column by column, a cell at a time.
void columnPut(cc::Table &table, const Options &options)
{
    forEachColumn(options.arrays, [&](const auto &spec) {
        typename std::decay_t<decltype(spec)>::Column column(table, spec.name);
        for (RowNumber number = 0; number < options.rows; number++)
            column.put(number, spec.at(number));
    });
}

// Column by column, each in one call.
void columnPutBulk(cc::Table &table, const Options &options)
{
    forEachColumn(options.arrays, [&](const auto &spec) {
        typename std::decay_t<decltype(spec)>::Column column(table, spec.name);
        column.putColumn(spec.all(options.rows));
    });
}

// Rows prepared in memory a block at a time, then put together.
void rowPutBulk(cc::Table &table, const Options &options)
{
    constexpr RowNumber blockRows = 64;
    cc::TableRow row(table);
    for (RowNumber first = 0; first < options.rows; first += blockRows) {
        const RowNumber count = std::min(blockRows, options.rows - first);
        std::vector<cc::TableRecord> block;
        for (RowNumber i = 0; i < count; i++) {
            setRecord(row, first + i, options.arrays);
            block.push_back(row.record());
        }
        for (RowNumber i = 0; i < count; i++)
            row.put(first + i, block[i]);
    }
}

void writeRows(cc::Table &table, const Options &options)
{
    switch (options.mode) {
    case Mode::TablePutRow: return tablePutRow(table, options);
    case Mode::TablePutCell: return tablePutCell(table, options);
    case Mode::ColumnPut: return columnPut(table, options);
    case Mode::ColumnPutBulk: return columnPutBulk(table, options);
    case Mode::RowPutBulk: return rowPutBulk(table, options);
    }
}

// ---- Reading back ----

template <class T> bool same(const T &a, const T &b)
{
    return a == b;
}
template <class T> bool same(const cc::Array<T> &a, const cc::Array<T> &b)
{
    return a.shape() == b.shape() && cc::allEQ(a, b);
}

struct Check {
    std::string column;
    std::function<bool(RowNumber)> holds;
};

// Through the table that wrote: its storage manager keeps but two buckets, so nearly all comes from the file.
void readBack(const cc::Table &table, const Options &options)
{
    std::vector<Check> checks;
    forEachColumn(options.arrays, [&](const auto &spec) {
        typename std::decay_t<decltype(spec)>::Column column(table, spec.name);
        checks.push_back({spec.name, [column, spec](RowNumber row) { return same(column.get(row), spec.at(row)); }});
    });
    for (RowNumber row = 0; row < options.rows; row++)
        for (const Check &check : checks)
            if (!check.holds(row))
                throw std::runtime_error("row " + std::to_string(row) + ", column " + check.column +
                                         ": read back another value than was written");
}

void report(const char *message)
{
    std::fprintf(stderr, "cpp_example: %s\n", message);
}

// A casacore table writes what is left in its destructor. An error there (a full disk) can't be caught: it ends
// up here. Say what happened and fail as any other error does, rather than dump core.
[[noreturn]] void onTerminate()
{
    try {
        if (std::exception_ptr cause = std::current_exception())
            std::rethrow_exception(cause);
        report("terminated");
    } catch (const std::exception &error) {
        report(error.what());
    } catch (...) {
        report("unknown error");
    }
    _exit(EXIT_FAILURE);
}

} // namespace

int main(int argc, char **argv)
{
    std::set_terminate(onTerminate);
    try {
        const Options options = parseOptions(argc, argv);
        if (options.help) {
            std::fputs(usage, stdout);
            return EXIT_SUCCESS;
        }
        cc::Table table = createTable(options);
        writeRows(table, options);
        readBack(table, options);
    } catch (const BadArgument &error) {
        report(error.what());
        return 2;
    } catch (const std::exception &error) {
        report(error.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
