/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/snapshot_last.h"

#include <string.h>

#include "base/cursor.h"

#define NUMBER_LEN 8

static uint8_t *number_put(uint8_t *out, int64_t number)
{
	for (size_t i = 0; i < NUMBER_LEN; i++) out[i] = (uint8_t) ((uint64_t) number >> 8 * (NUMBER_LEN - 1 - i));
	return out + NUMBER_LEN;
}

static int64_t number_get(mpsk_cursor_t *c)
{
	uint64_t high = mpsk_cursor_be32(c);

	return (int64_t) (high << 32 | mpsk_cursor_be32(c));
}

/* The epoch fills what is left. */
size_t mpsk_snapshot_last_put(uint8_t out[static MPSK_SNAPSHOT_LAST_MAX], mpsk_snapshot_info_t const *info)
{
	size_t len = strlen(info->meta.epoch);
	uint8_t *p = number_put(out, info->in_step_at);

	p = number_put(p, info->meta.seen);
	p = number_put(p, info->meta.accepted);
	memcpy(p, info->meta.epoch, len);
	return (size_t) (p - out) + len;
}

bool mpsk_snapshot_last_get(mpsk_snapshot_info_t *info, uint8_t const *octets, size_t len)
{
	mpsk_cursor_t c = mpsk_cursor(octets, len);

	memset(info, 0, sizeof(*info));
	info->in_step_at = number_get(&c);
	info->meta.seen = number_get(&c);
	info->meta.accepted = number_get(&c);
	if (c.failed || c.left > MPSK_EPOCH_MAX || (c.left > 0 && memchr(c.p, '\0', c.left))) return false;
	if (c.left > 0) memcpy(info->meta.epoch, c.p, c.left);
	return true;
}
