/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is wiped when it is freed, for libraries that let one choose
 * theirs and may hold secrets in it.
 */
#ifndef MPSKCTL_WIPING_H
#define MPSKCTL_WIPING_H

#include <stddef.h>

/* As malloc(), realloc() and free(), each for what came of the others only. */
void *ctl_wiping_malloc(size_t size);
void *ctl_wiping_realloc(void *old, size_t size);
void ctl_wiping_free(void *p);

#endif
