/*
 * mpi_io.c: a file written by all ranks at once and one by each, a sum over all; rank 0 says what came of it.
 */
#include <fcntl.h>
#include <mpi.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int rank, ranks, sum = 0, bytes = 0;
    char name[32], text[100];
    MPI_File file;
    MPI_Status status;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    memset(text, 'a' + rank, sizeof text);
    MPI_File_open(MPI_COMM_WORLD, "together.dat", MPI_MODE_CREATE | MPI_MODE_WRONLY, MPI_INFO_NULL, &file);
    MPI_File_write_at_all(file, (MPI_Offset)rank * (MPI_Offset)sizeof text, text, sizeof text, MPI_CHAR, &status);
    MPI_Get_count(&status, MPI_CHAR, &bytes);
    MPI_File_close(&file);
    snprintf(name, sizeof name, "rank.%d", rank);
    int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644);
    for (int i = 0; i < 10; i++)
        if (write(fd, text, sizeof text) != sizeof text)
            MPI_Abort(MPI_COMM_WORLD, 1);
    close(fd);
    MPI_Reduce(&bytes, &sum, 1, MPI_INT, MPI_SUM, 0, MPI_COMM_WORLD);
    if (rank == 0)
        printf("%d ranks wrote %d bytes\n", ranks, sum);
    MPI_Finalize();
    return 0;
}
