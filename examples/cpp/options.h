// The command line of cpp_example: what may be given, what it defaults to.
#ifndef CPP_EXAMPLE_OPTIONS_H
#define CPP_EXAMPLE_OPTIONS_H

#include <cstdint>
#include <stdexcept>
#include <string>

enum class Mode { TablePutRow, TablePutCell, ColumnPut, ColumnPutBulk, RowPutBulk };
enum class Storage { Default, MMap, Buffer, Cache };
enum class Arrays { None, Standard, Tiled };

// Up to here every value that the example writes fits its column type exactly or by plain rounding.
constexpr std::uint64_t maxRows = 1000000000;

struct Options {
    std::string path = "cpp.ms";
    std::uint64_t rows = 100;
    Mode mode = Mode::TablePutRow;
    bool initialize = false;
    Storage storage = Storage::Default;
    Arrays arrays = Arrays::None;
    bool help = false; // --help was given; nothing else counts then
};

// An argument that can't be used. what() is one line that names the argument.
struct BadArgument : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Throws BadArgument. Where an argument is given twice, the last one counts.
Options parseOptions(int argc, char **argv);

extern const char usage[];

#endif
