/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/recent.h"

#include <string.h>

#include "index/memo.h"
#include "key/key.h"

struct mpsk_recent {
	mpsk_memo_t	*memo;
};

typedef struct {
	uint32_t	n;
	uint32_t	leaves[MPSK_RECENT_MAX];
} place_t;

mpsk_recent_t *mpsk_recent_create(TALLOC_CTX *ctx, size_t places)
{
	mpsk_recent_t *recent = talloc(ctx, mpsk_recent_t);

	if (!recent) return NULL;
	recent->memo = mpsk_memo_create(recent, places, sizeof(place_t));
	if (!recent->memo) {
		talloc_free(recent);
		return NULL;
	}
	return recent;
}

/* A site and a NAS of one name are two places. */
static uint64_t place_name(mpsk_recent_t *recent, char const *site, char const *nas, mpsk_ssid_t const *ssid)
{
	char const *text = site[0] ? site : nas;
	uint8_t octets[2 + MPSK_SSID_MAX + MPSK_NAME_MAX];
	size_t len = strnlen(text, MPSK_NAME_MAX);

	octets[0] = site[0] != '\0';
	octets[1] = ssid->len;
	memcpy(octets + 2, ssid->octets, ssid->len);
	memcpy(octets + 2 + ssid->len, text, len);
	return mpsk_memo_name(recent->memo, octets, 2 + ssid->len + len);
}

size_t mpsk_recent_get(mpsk_recent_t *recent, char const *site, char const *nas, mpsk_ssid_t const *ssid,
		       uint32_t leaves[static MPSK_RECENT_MAX])
{
	uint64_t name = place_name(recent, site, nas, ssid);
	place_t const *place = mpsk_memo_find(recent->memo, name);
	size_t n;

	if (!place) return 0;
	n = place->n;
	memcpy(leaves, place->leaves, n * sizeof(leaves[0]));
	mpsk_memo_release(recent->memo, name);
	return n;
}

void mpsk_recent_note(mpsk_recent_t *recent, char const *site, char const *nas, mpsk_ssid_t const *ssid,
		      uint32_t leaf)
{
	uint64_t name = place_name(recent, site, nas, ssid);
	place_t *place = mpsk_memo_get(recent->memo, name);
	size_t at = 0;

	while (at < place->n && place->leaves[at] != leaf) at++;
	if (at == place->n) {
		if (place->n < MPSK_RECENT_MAX) {
			place->n++;
		} else {
			at--;	/* the oldest makes way */
		}
	}
	memmove(place->leaves + 1, place->leaves, at * sizeof(place->leaves[0]));
	place->leaves[0] = leaf;
	mpsk_memo_release(recent->memo, name);
}
