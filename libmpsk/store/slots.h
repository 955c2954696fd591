/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hash slots of Redis Cluster.
 */
#ifndef MPSK_STORE_SLOTS_H
#define MPSK_STORE_SLOTS_H

#include <stddef.h>

#define MPSK_SLOTS 16384

/* The slot of a Redis key: of what stands between its first '{' and the next '}', where anything does. */
unsigned mpsk_slot_of(char const *rkey, size_t len);

#endif
