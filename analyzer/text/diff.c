/*
 * Which lines two sequences do not share: Myers' algorithm in linear space (An O(ND) Difference Algorithm and its
 * Variations, 1986). A search from both ends finds a point on a shortest path, where the problem splits in two.
 *
 * The search is bounded: it gives up after so many differences from each end and splits at the furthest point that
 * either end has reached. The result is still a correct difference, only perhaps not the shortest one. The bound
 * shrinks as the sequences grow, so that the total work stays near linear. The answer is exact where no more lines
 * differ than twice the bound: MIN_BOUND for millions of lines, MAX_BOUND for ten thousand on each side.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sequence.h"

enum { MIN_BOUND = 128, MAX_BOUND = 4096 };
#define WORK_AIM INT64_C(400000000) /* compared lines, in a bad case */

/* The furthest point on each diagonal k = x - y that d differences reach; NOWHERE where none is. */
#define NOWHERE INT64_C(-1)

struct search {
    int64_t bound;
    int64_t *forward;  /* by diagonal, in the middle of 2 * bound + 3 */
    int64_t *backward; /* the same seen from the ends, with x and y counted backwards */
    uint8_t *only_a, *only_b;
};

/* a[0, n) against b[0, m); a_at and b_at: where they stand in the whole sequences. */
struct box {
    const uint32_t *a, *b;
    int64_t n, m;
    int64_t a_at, b_at;
};

struct split {
    int64_t x, y;
};

static int64_t snake_forward(const struct box *box, int64_t x, int64_t y)
{
    while (x < box->n && y < box->m && box->a[x] == box->b[y]) {
        x++;
        y++;
    }
    return x;
}

static int64_t snake_backward(const struct box *box, int64_t x, int64_t y)
{
    while (x < box->n && y < box->m && box->a[box->n - 1 - x] == box->b[box->m - 1 - y]) {
        x++;
        y++;
    }
    return x;
}

/* Where diagonal k begins with one more difference than its neighbours needed. */
static int64_t step(const struct box *box, const int64_t *reach, int64_t k)
{
    int64_t x = NOWHERE;
    int64_t left = reach[k - 1], right = reach[k + 1];
    if (left >= 0 && left < box->n)
        x = left + 1;
    if (right >= 0 && right - k <= box->m && right > x)
        x = right;
    return x;
}

/*
 * One more difference in one direction. True and the point where the paths of both directions meet. other_d: how many
 * differences the other direction has done; check: whether they can meet now, which goes by parity.
 */
static bool advance(const struct box *box, bool backward, int64_t *reach, const int64_t *other, int64_t d,
                    int64_t other_d, bool check, struct split *ret_split)
{
    int64_t delta = box->n - box->m;
    int64_t low = d > box->m ? -box->m + ((d - box->m) & 1) : -d;
    int64_t high = d > box->n ? box->n - ((d - box->n) & 1) : d;
    for (int64_t k = low; k <= high; k += 2) {
        int64_t x = d == 0 ? 0 : step(box, reach, k);
        if (x >= 0)
            x = backward ? snake_backward(box, x, x - k) : snake_forward(box, x, x - k);
        reach[k] = x;
        int64_t across = delta - k;
        if (!check || x < 0 || across < -other_d || across > other_d || other[across] < 0 || x + other[across] < box->n)
            continue;
        *ret_split = backward ? (struct split){box->n - x, box->m - (x - k)} : (struct split){x, x - k};
        return true;
    }
    return false;
}

/* The furthest point that d differences reach in one direction, by lines passed; x and y as that direction counts. */
static struct split furthest(const int64_t *reach, int64_t d)
{
    struct split best = {0, 0};
    for (int64_t k = -d; k <= d; k += 2)
        if (reach[k] >= 0 && 2 * reach[k] - k > best.x + best.y)
            best = (struct split){reach[k], reach[k] - k};
    return best;
}

/* A point of the box that is neither its beginning nor its end. Neither its first nor its last lines are equal. */
static struct split find_split(const struct search *search, const struct box *box)
{
    struct split split;
    int64_t *forward = search->forward, *backward = search->backward;
    bool odd = (box->n - box->m) & 1;
    for (int64_t k = -search->bound - 1; k <= search->bound + 1; k++)
        forward[k] = backward[k] = NOWHERE;
    for (int64_t d = 0; d <= search->bound; d++) {
        if (advance(box, false, forward, backward, d, d - 1, odd, &split) ||
            advance(box, true, backward, forward, d, d, !odd, &split))
            return split;
    }
    struct split ahead = furthest(forward, search->bound);
    struct split behind = furthest(backward, search->bound);
    if (ahead.x + ahead.y >= behind.x + behind.y)
        return ahead;
    return (struct split){box->n - behind.x, box->m - behind.y};
}

static struct box part(const struct box *box, int64_t x, int64_t y, int64_t n, int64_t m)
{
    return (struct box){box->a + x, box->b + y, n, m, box->a_at + x, box->b_at + y};
}

static struct box trim(const struct box *box)
{
    int64_t begin = snake_forward(box, 0, 0);
    struct box rest = part(box, begin, begin, box->n - begin, box->m - begin);
    int64_t end = snake_backward(&rest, 0, 0);
    rest.n -= end;
    rest.m -= end;
    return rest;
}

/*
 * Marks what differs in the box. The part after the split is looked at in the loop: it may be long. The one before
 * it holds half the differences or, where the bound was reached, no more than that: the recursion stays shallow.
 */
static void compare(const struct search *search, struct box box)
{
    for (;;) {
        box = trim(&box);
        if (box.n == 0 || box.m == 0) {
            memset(search->only_a + box.a_at, 1, (size_t)box.n);
            memset(search->only_b + box.b_at, 1, (size_t)box.m);
            return;
        }
        struct split split = find_split(search, &box);
        if (split.x + split.y <= 0 || split.x + split.y >= box.n + box.m) { /* cannot be; must not loop */
            memset(search->only_a + box.a_at, 1, (size_t)box.n);
            memset(search->only_b + box.b_at, 1, (size_t)box.m);
            return;
        }
        struct box before = part(&box, 0, 0, split.x, split.y);
        struct box after = part(&box, split.x, split.y, box.n - split.x, box.m - split.y);
        bool before_smaller = before.n + before.m <= after.n + after.m;
        compare(search, before_smaller ? before : after);
        box = before_smaller ? after : before;
    }
}

int sc_diff_make(const struct sc_sequence *a, const struct sc_sequence *b, struct sc_diff *ret_diff)
{
    int64_t lines = (int64_t)a->count + (int64_t)b->count;
    int64_t bound = WORK_AIM / (4 * (lines + 1));
    bound = bound < MIN_BOUND ? MIN_BOUND : bound > MAX_BOUND ? MAX_BOUND : bound;
    size_t width = (size_t)(2 * bound + 5);
    int64_t *reach = malloc(2 * width * sizeof *reach);
    *ret_diff = (struct sc_diff){calloc(a->count + 1, 1), calloc(b->count + 1, 1)};
    if (!reach || !ret_diff->only_a || !ret_diff->only_b) {
        free(reach);
        sc_diff_free(ret_diff);
        return -ENOMEM;
    }
    struct search search = {.bound = bound,
                            .forward = reach + bound + 2,
                            .backward = reach + width + bound + 2,
                            .only_a = ret_diff->only_a,
                            .only_b = ret_diff->only_b};
    compare(&search, (struct box){a->ids, b->ids, (int64_t)a->count, (int64_t)b->count, 0, 0});
    free(reach);
    return 0;
}

void sc_diff_free(struct sc_diff *diff)
{
    free(diff->only_a);
    free(diff->only_b);
    *diff = (struct sc_diff){0};
}
