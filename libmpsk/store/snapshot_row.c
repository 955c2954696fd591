/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/snapshot_row.h"

#include <string.h>

#include "base/secret.h"
#include "store/rkey.h"

#define LEN_LEN 4

/* A row and all that it refers to, in one block. */
typedef struct {
	mpsk_row_t	row;
	redisReply	pairs;
	size_t		size;
} made_t;

static size_t texts_count(mpsk_row_t const *row)
{
	return row->pairs->type == REDIS_REPLY_ARRAY ? row->pairs->elements : 0;
}

size_t mpsk_snapshot_row_size(mpsk_row_t const *row)
{
	size_t size = 2 * LEN_LEN + row->name_len;

	for (size_t i = 0; i < texts_count(row); i++) size += LEN_LEN + row->pairs->element[i]->len;
	return size;
}

static uint8_t *len_put(uint8_t *out, size_t len)
{
	for (size_t i = 0; i < LEN_LEN; i++) out[i] = (uint8_t) (len >> 8 * (LEN_LEN - 1 - i));
	return out + LEN_LEN;
}

static uint8_t *text_put(uint8_t *out, char const *text, size_t len)
{
	out = len_put(out, len);
	if (len > 0) memcpy(out, text, len);
	return out + len;
}

void mpsk_snapshot_row_put(uint8_t *out, mpsk_row_t const *row)
{
	out = len_put(out, mpsk_snapshot_row_size(row) - LEN_LEN);
	out = text_put(out, row->name, row->name_len);
	for (size_t i = 0; i < texts_count(row); i++) {
		out = text_put(out, row->pairs->element[i]->str, row->pairs->element[i]->len);
	}
}

bool mpsk_snapshot_row_next(mpsk_snapshot_row_t *row, mpsk_cursor_t *c)
{
	uint8_t const *octets = c->p;
	size_t len;

	if (c->failed || c->left == 0) return false;
	len = mpsk_cursor_be32(c);
	row->texts = mpsk_cursor(c->p, len);
	if (!mpsk_cursor_take(c, len)) return false;
	row->octets = octets;
	row->len = LEN_LEN + len;
	row->name_len = mpsk_cursor_be32(&row->texts);
	row->name = (char const *) mpsk_cursor_take(&row->texts, row->name_len);
	if (row->texts.failed) c->failed = true;
	return !c->failed;
}

bool mpsk_snapshot_row_is_gone(mpsk_snapshot_row_t const *row)
{
	return row->texts.left == 0;
}

/* How many texts there are, and how many octets they take with a NUL each; false where they are malformed. */
static bool texts_measure(mpsk_snapshot_row_t const *row, size_t *n, size_t *octets)
{
	mpsk_cursor_t c = row->texts;

	for (*n = *octets = 0; c.left > 0 && !c.failed; (*n)++) {
		size_t len = mpsk_cursor_be32(&c);

		*octets += len + 1;
		(void) mpsk_cursor_take(&c, len);
	}
	return !c.failed && *n % 2 == 0;
}

static char *text_get(char **out, uint8_t const *text, size_t len)
{
	char *at = *out;

	if (len > 0) memcpy(at, text, len);
	at[len] = '\0';
	*out += len + 1;
	return at;
}

static int made_wipe(made_t *made)
{
	mpsk_secret_wipe(made, made->size);
	return 0;
}

mpsk_status_t mpsk_snapshot_row_make(TALLOC_CTX *ctx, mpsk_row_t **out, mpsk_snapshot_row_t const *row,
				     mpsk_error_t *err)
{
	mpsk_cursor_t c = row->texts;
	size_t n, octets, size;
	redisReply *texts;
	made_t *made;
	char *at;

	*out = NULL;
	if (!texts_measure(row, &n, &octets)) {
		return mpsk_error_set(err, MPSK_BAD, "a row of the snapshot is malformed");
	}
	size = sizeof(*made) + n * (sizeof(*texts) + sizeof(redisReply *)) + row->name_len + 1 + octets;
	made = talloc_zero_size(ctx, size);
	if (!made) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	made->size = size;
	texts = (redisReply *) (made + 1);
	made->pairs = (redisReply) { .type = REDIS_REPLY_ARRAY, .elements = n, .element = (redisReply **) (texts + n) };
	at = (char *) (made->pairs.element + n);
	made->row = (mpsk_row_t) {
		.name_len = row->name_len, .pairs = &made->pairs,
		.is_set = mpsk_rkey_has_prefix(row->name, row->name_len, MPSK_RKEY_DEV_PREFIX),
	};
	made->row.name = text_get(&at, (uint8_t const *) row->name, row->name_len);
	for (size_t i = 0; i < n; i++) {
		size_t len = mpsk_cursor_be32(&c);

		texts[i] = (redisReply) { .type = REDIS_REPLY_STRING, .len = len };
		texts[i].str = text_get(&at, mpsk_cursor_take(&c, len), len);
		made->pairs.element[i] = &texts[i];
	}
	talloc_set_destructor(made, made_wipe);
	*out = &made->row;
	return MPSK_OK;
}
