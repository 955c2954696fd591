/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Large sets that were read a moment ago. What changes in them waits until
 * they have rested, and is then read once: a key with thousands of devices
 * would otherwise be read whole each time that one of them joins. They are
 * kept in a set of names whose numbers are this file's.
 */
#ifndef MPSK_STORE_RESTING_H
#define MPSK_STORE_RESTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/names.h"

/* A set of n elements was read: it rests for as long as that deserves, a second at most; a small one not at all. */
void mpsk_resting_add(mpsk_names_t *resting, char const *name, size_t len, size_t n);

/* A name changed. Whether it rests, and so will be woken. */
bool mpsk_resting_changed(mpsk_names_t *resting, char const *name, size_t len);

/* Those that have rested: the ones that changed meanwhile go to dirty. False where memory is out. */
bool mpsk_resting_wake(mpsk_names_t *resting, mpsk_names_t *dirty);

/* Lower *at, in milliseconds of mpsk_monotonic_ms(), to when the next one has rested. */
void mpsk_resting_next(mpsk_names_t const *resting, int64_t *at);

#endif
