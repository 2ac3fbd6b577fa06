/* Seeks before each read and write, as casacore's storage managers do. */
#include "plain.h"

static ssize_t seek_and_write(int fd, const void *data, size_t size, off_t offset)
{
    if (lseek(fd, offset, SEEK_SET) < 0)
        return -1;
    return write(fd, data, size);
}

static ssize_t seek_and_read(int fd, void *ret_data, size_t size, off_t offset)
{
    if (lseek(fd, offset, SEEK_SET) < 0)
        return -1;
    return read(fd, ret_data, size);
}

int main(int argc, char **argv)
{
    const struct plain_program program = {"plain_a", "plain_a.dat", seek_and_write, seek_and_read};
    return plain_main(&program, argc, argv);
}
