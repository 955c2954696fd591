/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trails.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "escape.h"
#include "when.h"

#define AWAY_MS 500	/* between two attempts where Redis is away */

/*
 * --- Options ---
 */
int64_t ctl_trails_when(ctl_t const *ctl, char const *option, char const *text, struct argp_state *state)
{
	mpsk_error_t err = { "" };
	int64_t at;

	/* Digits alone are a time, and with a unit a duration. */
	if (text[strspn(text, "0123456789")] && strcmp(text, "never") != 0 &&
	    ctl_when_duration(&at, text, &err) == MPSK_OK) return at < ctl->now ? ctl->now - at : 0;
	if (ctl_when_parse(&at, text, CTL_WHEN_FROM, ctl->now, &err) != MPSK_OK)
		ctl_stop(state, CTL_INVALID, "--%s: %s", option, err.text);
	return at;
}

size_t ctl_trails_count(char const *option, char const *text, struct argp_state *state)
{
	int64_t n = 0;

	if (!mpsk_number_parse(&n, text, strlen(text)) || n < 1)
		ctl_stop(state, CTL_INVALID, "--%s: expected a number, 1 or more", option);
	return (size_t) n;
}

/*
 * --- The past ---
 */

/* An entry that is kept: its fields and their octets are its own. */
typedef struct {
	mpsk_trail_record_t	record;
	uint64_t		ms, number;	/* of its id, for the order */
} kept_t;

typedef struct {
	ctl_trails_t const	*trails;
	kept_t			*kept;
	size_t			n, room;
	size_t			of_org;		/* of them, of the trail that is being read */
} past_t;

static char *octets(TALLOC_CTX *ctx, char const *text, size_t len)
{
	char *copy = ctl_need(talloc_size(ctx, len + 1));

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

static void keep(past_t *past, mpsk_trail_record_t const *record)
{
	TALLOC_CTX *mem = past->trails->ctl->mem;
	char const *dash = strchr(record->id, '-');
	kept_t *kept;

	if (past->n == past->room) {
		past->room = past->room ? 2 * past->room : 256;
		past->kept = ctl_need(talloc_realloc(mem, past->kept, kept_t, past->room));
	}
	kept = &past->kept[past->n++];
	*kept = (kept_t) { .record = *record, .ms = strtoull(record->id, NULL, 10) };
	if (dash) kept->number = strtoull(dash + 1, NULL, 10);
	kept->record.org = octets(past->kept, record->org, strlen(record->org));
	kept->record.id = octets(past->kept, record->id, strlen(record->id));
	kept->record.fields = ctl_need(talloc_array(past->kept, mpsk_field_t, record->n + 1));
	for (size_t i = 0; i < record->n; i++) {
		mpsk_field_t const *field = &record->fields[i];

		kept->record.fields[i] = (mpsk_field_t) {
			.name = octets(past->kept, field->name, field->name_len), .name_len = field->name_len,
			.value = octets(past->kept, field->value, field->value_len), .value_len = field->value_len
		};
	}
}

static mpsk_status_t past_take(void *uctx, mpsk_trail_record_t const *record)
{
	past_t *past = uctx;
	ctl_trails_t const *trails = past->trails;

	if (trails->last && past->of_org >= trails->last) return MPSK_MISS;
	if (trails->is_wanted && !trails->is_wanted(trails->uctx, record)) return MPSK_OK;
	keep(past, record);
	past->of_org++;
	return MPSK_OK;
}

static int kept_cmp(void const *a, void const *b)
{
	kept_t const *x = a, *y = b;

	if (x->ms != y->ms) return x->ms < y->ms ? -1 : 1;
	return x->number == y->number ? 0 : x->number < y->number ? -1 : 1;
}

/* The organisations whose trails are asked for. */
static ctl_exit_t orgs_find(ctl_trails_t const *trails, char ***orgs, size_t *n)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	if (trails->org) {
		*orgs = ctl_need(talloc_array(trails->ctl->mem, char *, 1));
		(*orgs)[0] = ctl_need(talloc_strdup(*orgs, trails->org));
		*n = 1;
		return CTL_OK;
	}
	status = mpsk_trail_orgs(trails->ctl->store, trails->ctl->mem, trails->kind, orgs, n, &err);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "%s", err.text);
}

static ctl_exit_t read_org(ctl_trails_t const *trails, char const *org, mpsk_trail_cb_t cb, void *uctx)
{
	int64_t until = trails->until ? trails->until * 1000 + 999 : INT64_MAX;
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_trail_read(trails->ctl->store, trails->kind, org, trails->since * 1000, until, cb,
					       uctx, &err);

	if (status == MPSK_OK || status == MPSK_MISS) return CTL_OK;
	return ctl_fail(ctl_exit_of(status), "%s", err.text);
}

ctl_exit_t ctl_trails_past(ctl_trails_t const *trails, mpsk_trail_record_t **records, size_t *n_records)
{
	past_t past = { .trails = trails };
	char **orgs;
	size_t n = 0, first = 0;
	ctl_exit_t code = orgs_find(trails, &orgs, &n);

	for (size_t i = 0; i < n && code == CTL_OK; i++) {
		past.of_org = 0;
		code = read_org(trails, orgs[i], past_take, &past);
	}
	if (code != CTL_OK) return code;
	if (past.n) qsort(past.kept, past.n, sizeof(*past.kept), kept_cmp);
	if (trails->last && past.n > trails->last) first = past.n - trails->last;
	*n_records = past.n - first;
	*records = ctl_need(talloc_array(trails->ctl->mem, mpsk_trail_record_t, *n_records + 1));
	for (size_t i = first; i < past.n; i++) (*records)[i - first] = past.kept[i].record;
	return CTL_OK;
}

ctl_exit_t ctl_trails_show(ctl_trails_t const *trails, char const *none)
{
	mpsk_trail_record_t *records;
	ctl_table_t *table;
	size_t n;
	ctl_exit_t code = ctl_trails_past(trails, &records, &n);

	if (code != CTL_OK) return code;
	table = ctl_table_create(trails->ctl->mem, trails->columns, trails->ctl->format, 0);
	for (size_t i = 0; i < n; i++) ctl_table_add(table, &records[i]);
	ctl_table_print(table);
	if (!n && none && !trails->ctl->quiet && trails->ctl->format == CTL_TEXT) puts(none);
	return CTL_OK;
}

/*
 * --- What comes ---
 */
typedef struct {
	ctl_trails_t const	*trails;
	ctl_stream_t		*stream;
} coming_t;

static mpsk_status_t coming_take(void *uctx, mpsk_trail_record_t const *record)
{
	coming_t const *coming = uctx;
	ctl_trails_t const *trails = coming->trails;

	if (trails->org && strcmp(trails->org, record->org) != 0) return MPSK_OK;
	if (trails->is_wanted && !trails->is_wanted(trails->uctx, record)) return MPSK_OK;
	return ctl_stream_add(coming->stream, record) ? MPSK_OK : MPSK_MISS;
}

static void away(bool *is_away, mpsk_error_t const *err)
{
	struct timespec const step = { .tv_nsec = AWAY_MS * 1000000 };

	if (!*is_away) ctl_fail(CTL_OK, "%s: waiting for it", err->text);
	*is_away = true;
	nanosleep(&step, NULL);
}

ctl_exit_t ctl_trails_follow(ctl_trails_t const *trails)
{
	coming_t coming = { .trails = trails };
	mpsk_trail_follow_t *follow;
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_trail_follow(trails->ctl->mem, &follow, trails->ctl->store, trails->kind, &err);
	bool is_away = false;

	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	coming.stream = ctl_stream_begin(trails->ctl->mem, trails->columns, trails->ctl->format);
	while (status == MPSK_OK || status == MPSK_AGAIN) {
		status = mpsk_trail_next(follow, coming_take, &coming, &err);
		if (status == MPSK_AGAIN) {
			away(&is_away, &err);
		} else if (is_away) {
			ctl_fail(CTL_OK, "Redis is there again");
			is_away = false;
		}
	}
	/* Nobody reads any more. */
	if (status == MPSK_MISS) return CTL_OK;
	return ctl_fail(ctl_exit_of(status), "%s", err.text);
}

/*
 * --- Columns ---
 */
json_t *ctl_trails_field(void const *record, char const *name)
{
	size_t len;
	char const *value = mpsk_trail_get(record, name, &len);

	return value ? ctl_escape_json(value, len) : json_null();
}

json_t *ctl_trails_time(void const *record)
{
	return json_integer((json_int_t) (((mpsk_trail_record_t const *) record)->ms / 1000));
}

char *ctl_trails_time_text(TALLOC_CTX *ctx, json_t const *value)
{
	time_t at = (time_t) json_integer_value(value);
	char text[24] = "-";
	struct tm tm;

	if (localtime_r(&at, &tm)) strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	return ctl_need(talloc_strdup(ctx, text));
}

json_t *ctl_trails_org(void const *record)
{
	char const *org = ((mpsk_trail_record_t const *) record)->org;

	return *org ? ctl_escape_json(org, strlen(org)) : json_null();
}

bool ctl_trails_is(mpsk_trail_record_t const *record, char const *name, char const *text)
{
	size_t len;
	char const *value = mpsk_trail_get(record, name, &len);

	return value && len == strlen(text) && memcmp(value, text, len) == 0;
}

bool ctl_trails_has(mpsk_trail_record_t const *record, char const *name, char const *word)
{
	size_t len, word_len = strlen(word);
	char const *value = mpsk_trail_get(record, name, &len);

	while (len > 0) {
		char const *end = memchr(value, ' ', len);
		size_t own = end ? (size_t) (end - value) : len;

		if (own == word_len && memcmp(value, word, own) == 0) return true;
		if (!end) return false;
		value = end + 1;
		len -= own + 1;
	}
	return false;
}
