// The binding of glue.h: each function is one use of a casacore class.
#include "glue.h"

#include <casacore/tables/DataMan/StandardStMan.h>
#include <casacore/tables/DataMan/TSMOption.h>
#include <casacore/tables/DataMan/TiledColumnStMan.h>
#include <casacore/tables/Tables.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace cc = casacore;

// The widths that the header promises.
static_assert(sizeof(cc::Double) == 8 && sizeof(cc::Int) == 4 && sizeof(cc::Bool) == 1 && sizeof(cc::Complex) == 8,
              "the cell types of glue.h");

struct TiledColumn {
    cc::String column;
    cc::IPosition tileShape;

    cc::String hypercolumn() const
    {
        return "TILED_" + column;
    }
};

struct ct_layout {
    cc::TableDesc desc{"", cc::TableDesc::Scratch};
    std::vector<TiledColumn> tiled;
};

struct ct_table {
    cc::Table table;
};

struct ct_column {
    virtual ~ct_column() = default;
    virtual void put(cc::rownr_t row, const void *cell) = 0;
    virtual void putAll(cc::rownr_t rows, const void *cells) = 0;
    virtual void get(cc::rownr_t row, void *ret_cell) const = 0;
};

struct ct_row {
    cc::TableRow row;
};

struct ct_record {
    cc::TableRecord record;
};

namespace
{

thread_local std::string lastError;
const char *fatalName = "";

// Runs the function; false where it threw, and the text is kept.
template <class Function> bool guarded(Function function)
{
    try {
        function();
        return true;
    } catch (const std::exception &error) {
        lastError = error.what();
    } catch (...) {
        lastError = "unknown error";
    }
    return false;
}

template <class Function> int status(Function function)
{
    return guarded(function) ? 0 : -1;
}

[[noreturn]] void onTerminate()
{
    const bool named = guarded([] {
        if (std::exception_ptr cause = std::current_exception())
            std::rethrow_exception(cause);
    });
    std::fprintf(stderr, "%s: %s\n", fatalName, named ? "terminated" : lastError.c_str());
    _exit(EXIT_FAILURE);
}

// An array over the caller's values, not a copy of them. Only to be read from: hence the cast is harmless.
template <class T> cc::Array<T> borrow(const cc::IPosition &shape, const void *values)
{
    return cc::Array<T>(shape, const_cast<T *>(static_cast<const T *>(values)), cc::SHARE);
}

template <class T> class ScalarHandle : public ct_column
{
  public:
    ScalarHandle(const cc::Table &table, const cc::String &name) : column(table, name)
    {
    }
    void put(cc::rownr_t row, const void *cell) override
    {
        column.put(row, *static_cast<const T *>(cell));
    }
    void putAll(cc::rownr_t rows, const void *cells) override
    {
        column.putColumn(cc::Vector<T>(borrow<T>(cc::IPosition(1, rows), cells)));
    }
    void get(cc::rownr_t row, void *ret_cell) const override
    {
        *static_cast<T *>(ret_cell) = column.get(row);
    }

  private:
    cc::ScalarColumn<T> column;
};

template <class T> class ArrayHandle : public ct_column
{
  public:
    ArrayHandle(const cc::Table &table, const cc::String &name) : column(table, name), shape(column.shapeColumn())
    {
    }
    void put(cc::rownr_t row, const void *cell) override
    {
        column.put(row, borrow<T>(shape, cell));
    }
    void putAll(cc::rownr_t rows, const void *cells) override
    {
        column.putColumn(borrow<T>(shape.concatenate(cc::IPosition(1, rows)), cells));
    }
    void get(cc::rownr_t row, void *ret_cell) const override
    {
        const cc::Array<T> cell = column.get(row);
        std::copy(cell.begin(), cell.end(), static_cast<T *>(ret_cell));
    }

  private:
    cc::ArrayColumn<T> column;
    cc::IPosition shape;
};

[[noreturn]] void unsupported(const cc::String &column)
{
    throw std::invalid_argument("column " + std::string(column) + ": type not supported");
}

template <class T> ct_column *openColumn(const cc::Table &table, const cc::String &name, bool array)
{
    if (array)
        return new ArrayHandle<T>(table, name);
    return new ScalarHandle<T>(table, name);
}

template <class T> void define(cc::TableRecord &record, const cc::String &name, bool array, const void *cell)
{
    const T *values = static_cast<const T *>(cell);
    if (array)
        record.define(name, cc::Array<T>(record.shape(name), values));
    else
        record.define(name, *values);
}

cc::TSMOption tsmOption(int storage)
{
    static const cc::TSMOption::Option options[] = {cc::TSMOption::Default, cc::TSMOption::MMap, cc::TSMOption::Buffer,
                                                    cc::TSMOption::Cache};
    if (storage < CT_STORAGE_DEFAULT || storage > CT_STORAGE_CACHE)
        throw std::invalid_argument("unknown storage option");
    // casacore's own sizes; left out, they would come from the user's configuration files.
    return cc::TSMOption(options[storage], 0, -1);
}

} // namespace

const char *ct_error(void)
{
    return lastError.c_str();
}

void ct_report_fatal_as(const char *program)
{
    fatalName = program;
    std::set_terminate(onTerminate);
}

ct_layout *ct_layout_new(void)
{
    ct_layout *layout = nullptr;
    guarded([&] { layout = new ct_layout; });
    return layout;
}

void ct_layout_free(ct_layout *layout)
{
    delete layout;
}

int ct_layout_add_scalar(ct_layout *layout, const char *column, int type)
{
    return status([&] {
        if (type == CT_DOUBLE)
            layout->desc.addColumn(cc::ScalarColumnDesc<cc::Double>(column));
        else if (type == CT_INT)
            layout->desc.addColumn(cc::ScalarColumnDesc<cc::Int>(column));
        else if (type == CT_BOOL)
            layout->desc.addColumn(cc::ScalarColumnDesc<cc::Bool>(column));
        else
            unsupported(column);
    });
}

int ct_layout_add_array(ct_layout *layout, const char *column, int type, const int32_t *shape, size_t ndim,
                        int32_t rows_per_tile)
{
    return status([&] {
        cc::IPosition cell(ndim);
        std::copy(shape, shape + ndim, cell.begin());
        const int options = cc::ColumnDesc::Direct | cc::ColumnDesc::FixedShape;
        if (type == CT_BOOL)
            layout->desc.addColumn(cc::ArrayColumnDesc<cc::Bool>(column, cell, options));
        else if (type == CT_COMPLEX)
            layout->desc.addColumn(cc::ArrayColumnDesc<cc::Complex>(column, cell, options));
        else
            unsupported(column);
        if (rows_per_tile > 0)
            layout->tiled.push_back({column, cell.concatenate(cc::IPosition(1, rows_per_tile))});
    });
}

ct_table *ct_table_create(const char *path, const ct_layout *layout, uint64_t rows, int initialize, int storage)
{
    ct_table *table = nullptr;
    guarded([&] {
        cc::TableDesc desc(layout->desc, cc::TableDesc::Scratch);
        for (const TiledColumn &tiled : layout->tiled)
            desc.defineHypercolumn(tiled.hypercolumn(), tiled.tileShape.size(), cc::stringToVector(tiled.column));
        cc::SetupNewTable setup(path, desc, cc::Table::New, cc::StorageOption(cc::StorageOption::SepFile, -1, 0));
        cc::StandardStMan standard("STANDARD");
        setup.bindAll(standard);
        for (const TiledColumn &tiled : layout->tiled) {
            cc::TiledColumnStMan manager(tiled.hypercolumn(), tiled.tileShape);
            setup.bindColumn(tiled.column, manager);
        }
        // A permanent lock: automatic locking would look every few seconds whether another process waits.
        table = new ct_table{cc::Table(setup, cc::TableLock(cc::TableLock::PermanentLocking), rows, initialize != 0,
                                       cc::Table::LittleEndian, tsmOption(storage))};
    });
    return table;
}

void ct_table_close(ct_table *table)
{
    delete table;
}

ct_column *ct_column_open(ct_table *table, const char *name)
{
    ct_column *column = nullptr;
    guarded([&] {
        const cc::ColumnDesc &desc = table->table.tableDesc().columnDesc(name);
        switch (desc.dataType()) {
        case cc::TpDouble: column = openColumn<cc::Double>(table->table, name, desc.isArray()); break;
        case cc::TpInt: column = openColumn<cc::Int>(table->table, name, desc.isArray()); break;
        case cc::TpBool: column = openColumn<cc::Bool>(table->table, name, desc.isArray()); break;
        case cc::TpComplex: column = openColumn<cc::Complex>(table->table, name, desc.isArray()); break;
        default: unsupported(name);
        }
    });
    return column;
}

void ct_column_free(ct_column *column)
{
    delete column;
}

int ct_column_put(ct_column *column, uint64_t row, const void *cell)
{
    return status([&] { column->put(row, cell); });
}

int ct_column_put_all(ct_column *column, uint64_t rows, const void *cells)
{
    return status([&] { column->putAll(rows, cells); });
}

int ct_column_get(ct_column *column, uint64_t row, void *ret_cell)
{
    return status([&] { column->get(row, ret_cell); });
}

ct_row *ct_row_open(ct_table *table)
{
    ct_row *row = nullptr;
    guarded([&] { row = new ct_row{cc::TableRow(table->table)}; });
    return row;
}

void ct_row_free(ct_row *row)
{
    delete row;
}

int ct_row_set(ct_row *row, const char *column, const void *cell)
{
    return status([&] {
        cc::TableRecord &record = row->row.record();
        switch (record.type(record.fieldNumber(column))) {
        case cc::TpDouble: define<cc::Double>(record, column, false, cell); break;
        case cc::TpInt: define<cc::Int>(record, column, false, cell); break;
        case cc::TpBool: define<cc::Bool>(record, column, false, cell); break;
        case cc::TpComplex: define<cc::Complex>(record, column, false, cell); break;
        case cc::TpArrayBool: define<cc::Bool>(record, column, true, cell); break;
        case cc::TpArrayComplex: define<cc::Complex>(record, column, true, cell); break;
        default: unsupported(column);
        }
    });
}

int ct_row_put(ct_row *row, uint64_t number)
{
    return status([&] { row->row.put(number); });
}

ct_record *ct_row_copy(ct_row *row)
{
    ct_record *record = nullptr;
    guarded([&] { record = new ct_record{row->row.record()}; });
    return record;
}

void ct_record_free(ct_record *record)
{
    delete record;
}

int ct_row_put_record(ct_row *row, uint64_t number, const ct_record *record)
{
    return status([&] { row->row.put(number, record->record); });
}
