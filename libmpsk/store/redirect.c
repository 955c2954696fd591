/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/redirect.h"

#include <string.h>

#include "base/text.h"
#include "store/reply.h"
#include "store/slots.h"

typedef struct {
	char const		*code;
	mpsk_redirect_kind_t	kind;
	bool			has_target;
} redirect_row_t;

static redirect_row_t const redirect_rows[] = {
	{ "MOVED",	MPSK_REDIRECT_MOVED,	true },
	{ "ASK",	MPSK_REDIRECT_ASK,	true },
	{ "TRYAGAIN",	MPSK_REDIRECT_TRYAGAIN,	false },
	{ "READONLY",	MPSK_REDIRECT_REPLICA,	false },
	{ "MASTERDOWN",	MPSK_REDIRECT_REPLICA,	false },
};

/* " slot host:port"; an IPv6 address has no brackets, so that the last colon counts. */
static bool redirect_target(mpsk_redirect_t *redirect, char const *text)
{
	char const *space = *text == ' ' ? strchr(text + 1, ' ') : NULL;
	char const *colon = space ? strrchr(space, ':') : NULL;
	int64_t slot, port;
	size_t len;

	if (!colon || !mpsk_number_parse(&slot, text + 1, (size_t) (space - text - 1))) return false;
	if (!mpsk_number_parse(&port, colon + 1, strlen(colon + 1))) return false;
	len = (size_t) (colon - space - 1);
	if (slot >= MPSK_SLOTS || port < 1 || port > UINT16_MAX || len >= MPSK_REDIRECT_HOST_MAX) return false;
	redirect->slot = (unsigned) slot;
	redirect->port = (uint16_t) port;
	memcpy(redirect->host, space + 1, len);
	redirect->host[len] = '\0';
	return true;
}

void mpsk_redirect_read(mpsk_redirect_t *redirect, redisReply const *reply)
{
	redirect->kind = MPSK_REDIRECT_NONE;
	if (reply->type != REDIS_REPLY_ERROR) return;
	for (size_t i = 0; i < sizeof(redirect_rows) / sizeof(redirect_rows[0]); i++) {
		redirect_row_t const *row = &redirect_rows[i];

		if (!mpsk_reply_is_error(reply, row->code)) continue;
		if (row->has_target && !redirect_target(redirect, reply->str + strlen(row->code))) return;
		redirect->kind = row->kind;
		return;
	}
}
