#include "options.h"

#include <charconv>
#include <cstring>
#include <initializer_list>

const char usage[] = "usage: cpp_example [--path P] [--rows N]\n"
                     "    [--mode table_put_row|table_put_cell|column_put|column_put_bulk|row_put_bulk]\n"
                     "    [--initialize true|false] [--storage default|mmap|buffer|cache]\n"
                     "    [--arrays none|standard|tiled]\n"
                     "Writes a casacore table and reads it back row by row. A table that is at P is replaced.\n";

namespace
{

// Control characters in an argument would break the promise of one line.
std::string printable(const std::string &text)
{
    std::string shown = text;
    for (char &c : shown)
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
            c = '?';
    return shown;
}

std::uint64_t parseRows(const std::string &text)
{
    // from_chars reports an error where stoi would throw, and takes neither blanks nor signs.
    std::uint64_t rows = 0;
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, rows);
    if (error != std::errc() || stop != end || rows > maxRows)
        throw BadArgument("--rows: '" + printable(text) + "' is not a whole number from 0 to " +
                          std::to_string(maxRows));
    return rows;
}

template <class T> struct Choice {
    const char *word;
    T value;
};

template <class T> T choose(const char *name, const std::string &text, std::initializer_list<Choice<T>> choices)
{
    std::string words;
    for (const Choice<T> &choice : choices) {
        if (text == choice.word)
            return choice.value;
        words += words.empty() ? choice.word : std::string(", ") + choice.word;
    }
    throw BadArgument(std::string(name) + ": '" + printable(text) + "' is none of " + words);
}

// next is the argument that follows, or null at the end of the line.
void apply(Options &options, const std::string &name, const char *next)
{
    const auto value = [&]() -> std::string {
        if (!next)
            throw BadArgument(name + ": needs a value");
        return next;
    };
    if (name == "--path") {
        options.path = value();
        if (options.path.empty())
            throw BadArgument("--path: must not be empty");
    } else if (name == "--rows") {
        options.rows = parseRows(value());
    } else if (name == "--mode") {
        options.mode = choose<Mode>("--mode", value(),
                                    {{"table_put_row", Mode::TablePutRow},
                                     {"table_put_cell", Mode::TablePutCell},
                                     {"column_put", Mode::ColumnPut},
                                     {"column_put_bulk", Mode::ColumnPutBulk},
                                     {"row_put_bulk", Mode::RowPutBulk}});
    } else if (name == "--initialize") {
        options.initialize = choose<bool>("--initialize", value(), {{"true", true}, {"false", false}});
    } else if (name == "--storage") {
        options.storage = choose<Storage>("--storage", value(),
                                          {{"default", Storage::Default},
                                           {"mmap", Storage::MMap},
                                           {"buffer", Storage::Buffer},
                                           {"cache", Storage::Cache}});
    } else if (name == "--arrays") {
        options.arrays = choose<Arrays>(
            "--arrays", value(), {{"none", Arrays::None}, {"standard", Arrays::Standard}, {"tiled", Arrays::Tiled}});
    } else {
        throw BadArgument("unknown argument '" + printable(name) + "'");
    }
}

} // namespace

Options parseOptions(int argc, char **argv)
{
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--help") {
            options.help = true;
            break;
        }
        apply(options, name, argv[i + 1]); // argv ends with a null pointer
    }
    return options;
}
