/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of bounded size from names to small values, for what may be
 * forgotten: who asked too often, where to look first. Any thread may call.
 *
 * A name is known by its 64 bit hash alone, under a random key of the
 * table's own: nobody can choose two that are taken for one.
 */
#ifndef MPSK_INDEX_MEMO_H
#define MPSK_INDEX_MEMO_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

typedef struct mpsk_memo mpsk_memo_t;

#define MPSK_MEMO_BUCKET 8	/* values that make way for each other */

/* Room for max values of so many octets or a few more, taken at once. NULL where memory or randomness is out. */
mpsk_memo_t *mpsk_memo_create(TALLOC_CTX *ctx, size_t max, size_t size);

uint64_t mpsk_memo_name(mpsk_memo_t const *memo, void const *octets, size_t len);

/*
 * The value of a name, nobody else's until mpsk_memo_release(); a thread
 * holds one of a table at a time. Where there is none, find gives NULL, and
 * then nothing is to be released; get makes one of zeros, in the place of
 * the one of its bucket that was looked at least recently.
 */
void *mpsk_memo_find(mpsk_memo_t *memo, uint64_t name);
void *mpsk_memo_get(mpsk_memo_t *memo, uint64_t name);
void mpsk_memo_release(mpsk_memo_t *memo, uint64_t name);

/* Every value there is, each held while it is looked at. */
void mpsk_memo_each(mpsk_memo_t *memo, void (*look)(void *uctx, void *value), void *uctx);

#endif
