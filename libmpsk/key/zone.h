/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time zones by name, from the system's zoneinfo files (RFC 8536). libc's
 * own functions know one zone at a time, that of the process: of no use to
 * a server that serves several at once on many threads.
 */
#ifndef MPSK_KEY_ZONE_H
#define MPSK_KEY_ZONE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define MPSK_ZONE_NAME_MAX 64

typedef struct mpsk_zone mpsk_zone_t;

/*
 * The zone of a name, as Europe/Berlin; UTC needs no file. Read once, and
 * good for as long as the process or module runs. Any thread may ask. MISS
 * where there is no such zone, BAD where its file is malformed, ERR where
 * memory is out.
 */
mpsk_status_t mpsk_zone_get(mpsk_zone_t const **zone, char const *name, size_t len, mpsk_error_t *err);

char const *mpsk_zone_name(mpsk_zone_t const *zone);

/* Seconds east of UTC at an epoch second. */
int32_t mpsk_zone_offset(mpsk_zone_t const *zone, int64_t at);

/* A zone from the octets of a zoneinfo file; mpsk_zone_free() it. BAD or ERR as above. */
mpsk_status_t mpsk_zone_read(mpsk_zone_t **zone, uint8_t const *octets, size_t len, mpsk_error_t *err);
void mpsk_zone_free(mpsk_zone_t *zone);

#endif
