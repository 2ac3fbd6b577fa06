/* Says the offset with each read and write, and so never seeks. */
#include "plain.h"

int main(int argc, char **argv)
{
    const struct plain_program program = {"plain_b", "plain_b.dat", pwrite, pread};
    return plain_main(&program, argc, argv);
}
