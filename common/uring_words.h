/* uring_words.h: the words of uring.def. */
#ifndef SC_URING_WORDS_H
#define SC_URING_WORDS_H

/* What of the program's memory a request reads or fills. */
enum sc_uring_data {
    SC_URING_NONE,
    SC_URING_READ,
    SC_URING_WRITE,
    SC_URING_READ_PARTS,
    SC_URING_WRITE_PARTS,
    SC_URING_MOVES,
};

enum sc_uring_end { SC_URING_SURE, SC_URING_WAITS };

/* Where an argument of the call that does the same stands in a request. */
enum sc_uring_argument {
    SC_URING__,
    SC_URING_FD,
    SC_URING_ADDR,
    SC_URING_LEN,
    SC_URING_OFF,
    SC_URING_FLAGS,
    SC_URING_OTHER,
    SC_URING_PATH,
    SC_URING_PATH2,
};

/* Operations that somebody has to tell from others. */
enum {
    SC_URING_OP_FSYNC = 3,
    SC_URING_OP_RECVMSG = 10,
    SC_URING_OP_CLOSE = 19,
    SC_URING_OP_FILES_UPDATE = 20,
    SC_URING_OP_RECV = 27,
    SC_URING_OP_OPENAT2 = 28,
    SC_URING_OP_URING_CMD = 46,
};

/* In a request's flags, IOSQE_FIXED_FILE: fd is an index into the ring's own table of files. IOSQE_CQE_SKIP_SUCCESS. */
enum { SC_URING_FIXED_FILE = 1, SC_URING_SKIP_SUCCESS = 1 << 6 };

#endif
