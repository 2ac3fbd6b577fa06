/*
 * labels.h: what runs and output files are called.
 *
 * The stem of an input is its file name without its ending (what follows the last dot). Two equal stems get "A_" and
 * "B_" before them, in labels as in names of files. A stem beginning with "rust" is labelled Rust, with "cpp" C++; any
 * other, and both where they would come out the same, by the stem.
 */
#ifndef SC_LABELS_H
#define SC_LABELS_H

/* Names of one run or two; all strings owned, see sc_names_free. */
struct sc_names {
    char *stems[2]; /* as output files begin: A_ and B_ already before equal ones */
    char *labels[2];
    char *keys[2]; /* the labels as sc_normaliser_new wants them: lower case letters and digits, "cpp" for "C++" */
    char *pair;    /* X: what follows rust_ and cpp_ where both follow by the same, else STEMA_vs_STEMB */
};

/*
 * paths[1] and given[1] are NULL for one run; given: the user's labels, or NULLs. 0, -ENOMEM, or -EINVAL where two
 * given labels are equal.
 */
int sc_names_make(const char *const paths[2], const char *const given[2], struct sc_names *ret_names);
void sc_names_free(struct sc_names *names);

/* A label stands in lines that people grep and scripts parse: no control characters in it. NULL where memory is short.
 */
char *sc_label_clean(const char *text);

#endif
