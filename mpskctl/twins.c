/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "twins.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "ctl.h"
#include "digest.h"

/* One PSK of a line, or of a key of the store. */
typedef struct {
	uint64_t		digest;
	size_t			order;	/* in the file */
	ctl_line_t		*line;	/* NULL: of the store */
	mpsk_key_t const	*key;
} entry_t;

typedef struct {
	entry_t	*entries;
	size_t	n;
	size_t	room;
} entries_t;

struct ctl_twins {
	ctl_line_t	**by_id;
	size_t		n_ids;
	entries_t	psks;	/* of lines */
	entries_t	hexes;	/* PSKs that are PMKs: of lines, and of keys of the store */
};

static void add(TALLOC_CTX *ctx, entries_t *entries, entry_t entry)
{
	if (entries->n == entries->room) {
		entries->room = entries->room ? 2 * entries->room : 64;
		entries->entries = ctl_need(talloc_realloc(ctx, entries->entries, entry_t, entries->room));
	}
	entries->entries[entries->n++] = entry;
}

static void add_psk(ctl_twins_t *twins, wpa_psk_t const *psk, entry_t entry)
{
	if (psk->len == 0) return;
	entry.digest = ctl_digest_psk(psk);
	if (entry.line) add(twins, &twins->psks, entry);
	if (wpa_psk_is_pmk(psk)) add(twins, &twins->hexes, entry);
}

static int entry_cmp(void const *a, void const *b)
{
	entry_t const *x = a, *y = b;

	if (x->digest != y->digest) return x->digest < y->digest ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void sort(entries_t *entries)
{
	if (entries->n > 0) qsort(entries->entries, entries->n, sizeof(*entries->entries), entry_cmp);
}

/* The first entry of a digest; n where there is none. */
static size_t find(entries_t const *entries, uint64_t digest)
{
	size_t low = 0, high = entries->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (entries->entries[middle].digest < digest) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < entries->n && entries->entries[low].digest == digest ? low : entries->n;
}

/*
 * --- Within the file ---
 */
static int id_cmp(void const *a, void const *b)
{
	ctl_line_t const *x = *(ctl_line_t *const *) a, *y = *(ctl_line_t *const *) b;
	int order = strcmp(x->id, y->id);

	return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

static void ids_sort(ctl_twins_t *twins, ctl_lines_t const *lines)
{
	size_t kept = 0;

	twins->by_id = ctl_need(talloc_array(twins, ctl_line_t *, lines->n + 1));
	for (size_t i = 0; i < lines->n; i++) {
		if (lines->lines[i]->result != CTL_LINE_REFUSED) twins->by_id[twins->n_ids++] = lines->lines[i];
	}
	qsort(twins->by_id, twins->n_ids, sizeof(*twins->by_id), id_cmp);
	for (size_t i = 0; i < twins->n_ids; i++) {
		ctl_line_t *line = twins->by_id[i], *before = kept > 0 ? twins->by_id[kept - 1] : NULL;

		if (before && strcmp(before->id, line->id) == 0) {
			ctl_line_refuse(line, NULL, "line %zu is key %s already", before->number, line->id);
		} else {
			twins->by_id[kept++] = line;
		}
	}
	twins->n_ids = kept;
}

static mpsk_key_t *line_key(TALLOC_CTX *ctx, ctl_line_t const *line)
{
	mpsk_error_t err = { "" };
	mpsk_key_t *key = NULL;

	/* It was parsed before: what can fail is memory. */
	ctl_need(ctl_line_key(ctx, &key, line, NULL, NULL, &err) == MPSK_OK ? key : NULL);
	return key;
}

/* Entries of one digest, those of earlier lines first. */
static void run_check(entry_t const *run, size_t n)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_key_t **keys = ctl_need(talloc_zero_array(ctx, mpsk_key_t *, n));

	for (size_t i = 0; i < n; i++) {
		keys[i] = line_key(keys, run[i].line);
		for (size_t j = 0; j < i; j++) {
			if (run[j].line->result == CTL_LINE_REFUSED || !mpsk_key_collides(keys[i], keys[j])) continue;
			ctl_line_refuse(run[i].line, NULL, "line %zu has this passphrase, where this line would: a "
					"device could not be told which of the two it holds", run[j].line->number);
			break;
		}
	}
	talloc_free(ctx);
}

static wpa_psk_t old_psk(ctl_line_t const *line)
{
	wpa_psk_t psk = { .len = 0 };

	for (size_t i = 0; i < line->n_fields; i++) {
		mpsk_field_t const *field = &line->fields[i];

		if (!field->value || field->name_len != strlen("old_psk")) continue;
		if (memcmp(field->name, "old_psk", field->name_len) == 0)
			(void) wpa_psk_set(&psk, field->value, field->value_len, NULL);
	}
	return psk;
}

ctl_twins_t *ctl_twins_create(TALLOC_CTX *ctx, ctl_lines_t const *lines)
{
	ctl_twins_t *twins = ctl_need(talloc_zero(ctx, ctl_twins_t));

	ids_sort(twins, lines);
	for (size_t i = 0; i < lines->n; i++) {
		ctl_line_t *line = lines->lines[i];
		wpa_psk_t old = { .len = 0 };

		if (line->result == CTL_LINE_REFUSED || !line->psk.len) continue;
		old = old_psk(line);
		add_psk(twins, &line->psk, (entry_t) { .order = i, .line = line });
		add_psk(twins, &old, (entry_t) { .order = i, .line = line });
		mpsk_secret_wipe(&old, sizeof(old));
	}
	sort(&twins->psks);
	for (size_t i = 0, end; i < twins->psks.n; i = end) {
		for (end = i + 1; end < twins->psks.n; end++)
			if (twins->psks.entries[end].digest != twins->psks.entries[i].digest) break;
		if (end - i > 1) run_check(&twins->psks.entries[i], end - i);
	}
	return twins;
}

ctl_line_t *ctl_twins_line(ctl_twins_t const *twins, char const *id)
{
	size_t low = 0, high = twins->n_ids;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(twins->by_id[middle]->id, id);

		if (order == 0) return twins->by_id[middle]->result == CTL_LINE_REFUSED ? NULL : twins->by_id[middle];
		if (order < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return NULL;
}

/*
 * --- Against the store ---
 */
static void refuse(ctl_line_t *line, char const *id)
{
	ctl_line_refuse(line, NULL, "key %s of the store has this passphrase, where this line would: a device could "
			"not be told which of the two it holds", id);
}

static void meet_digest(ctl_twins_t const *twins, uint64_t digest, mpsk_key_t const *stored)
{
	for (size_t i = find(&twins->psks, digest); i < twins->psks.n; i++) {
		ctl_line_t *line = twins->psks.entries[i].line;
		mpsk_key_t *key;

		if (twins->psks.entries[i].digest != digest) break;
		if (line->result == CTL_LINE_REFUSED || strcmp(line->id, stored->id) == 0) continue;
		key = line_key(NULL, line);
		if (mpsk_key_collides(key, stored)) refuse(line, stored->id);
		talloc_free(key);
	}
}

void ctl_twins_meet(ctl_twins_t *twins, mpsk_key_t *key)
{
	meet_digest(twins, ctl_digest_psk(&key->psk), key);
	if (key->old_psk.len) meet_digest(twins, ctl_digest_psk(&key->old_psk), key);
	if (twins->hexes.n > 0) {
		for (size_t i = 0; i < key->n_pmks; i++) meet_digest(twins, ctl_digest_pmk(&key->pmks[i].pmk), key);
	}
	if (!wpa_psk_is_pmk(&key->psk) && !(key->old_psk.len && wpa_psk_is_pmk(&key->old_psk))) return;
	/* Kept, for lines whose PMK is yet to be derived. */
	talloc_steal(twins, key);
	add_psk(twins, &key->psk, (entry_t) { .key = key });
	add_psk(twins, &key->old_psk, (entry_t) { .key = key });
}

void ctl_twins_seal(ctl_twins_t *twins)
{
	sort(&twins->hexes);
}

/* The key of a line, with a PMK that was derived for it. */
static mpsk_key_t *line_key_with(TALLOC_CTX *ctx, ctl_line_t const *line, wpa_pmk_t const *pmk)
{
	mpsk_key_t *key = line_key(ctx, line);

	key->pmks = ctl_need(talloc_zero(key, mpsk_key_pmk_t));
	key->pmks[0] = (mpsk_key_pmk_t) { .ssid = line->ssid, .pmk = *pmk };
	key->n_pmks = 1;
	return key;
}

bool ctl_twins_has_pmk(ctl_twins_t const *twins, ctl_line_t *line, wpa_pmk_t const *pmk)
{
	uint64_t digest;
	TALLOC_CTX *ctx;
	mpsk_key_t *key;

	if (twins->hexes.n == 0) return false;
	digest = ctl_digest_pmk(pmk);
	ctx = ctl_need(talloc_new(NULL));
	for (size_t i = find(&twins->hexes, digest); i < twins->hexes.n; i++) {
		entry_t const *entry = &twins->hexes.entries[i];

		if (entry->digest != digest) break;
		key = line_key_with(ctx, line, pmk);
		if (!mpsk_key_collides(key, entry->line ? line_key(key, entry->line) : entry->key)) continue;
		if (entry->line) {
			ctl_line_refuse(line, NULL, "line %zu has this PMK, as 64 hex digits", entry->line->number);
		} else {
			refuse(line, entry->key->id);
		}
		break;
	}
	talloc_free(ctx);
	return line->result == CTL_LINE_REFUSED;
}
