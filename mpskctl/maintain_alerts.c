/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signs that a passphrase is known to more than it should be, from what
 * accounting and the servers' decisions told.
 */
#include "maintain_alerts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "client.h"
#include "maintain.h"
#include "select.h"
#include "store/session.h"
#include "store/trail.h"

#define FIRST_LOOK_S	600	/* how far back decisions are read where nobody looked before */
#define MINUTE_MS	60000

/*
 * --- Options ---
 */
enum {
	OPT_DEVICES = 0x600,
	OPT_SITES,
	OPT_APS,
	OPT_WRONG_KEYS
};

ctl_alert_limits_t const ctl_alert_limits = { .devices = 50, .sites = 2, .aps = 10, .wrong_keys = 60 };

static struct argp_option const options[] = {
	{ .name = "alert-devices", .key = OPT_DEVICES, .arg = "N",
	  .doc = "A key on more devices than this at once is an alert (50); 0: no number is" },
	{ .name = "alert-sites", .key = OPT_SITES, .arg = "N", .doc = "A key at more sites at once (2)" },
	{ .name = "alert-aps", .key = OPT_APS, .arg = "N", .doc = "A key at more access points at once (10)" },
	{ .name = "alert-wrong-keys", .key = OPT_WRONG_KEYS, .arg = "N",
	  .doc = "More wrong keys in a minute at one access point (60)" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_alert_limits_t *limits = state->input;
	int64_t *const numbers[] = { &limits->devices, &limits->sites, &limits->aps, &limits->wrong_keys };

	if (key < OPT_DEVICES || key > OPT_WRONG_KEYS) return ARGP_ERR_UNKNOWN;
	if (!mpsk_number_parse(numbers[key - OPT_DEVICES], arg, strlen(arg)))
		ctl_stop(state, CTL_INVALID, "--%s: expected a number", options[key - OPT_DEVICES].name);
	return 0;
}

struct argp const ctl_alert_argp = { .options = options, .parser = parse_opt };

/*
 * --- What is noted ---
 */
typedef struct {
	mpsk_alert_t	*alerts;	/* that stand, in the order of their subjects */
	size_t		n;
} standing_t;

/* A decision that is a sign. */
typedef struct {
	mpsk_alert_t	alert;		/* seen: when; count: how often */
	int64_t		minute;
} sign_t;

typedef struct {
	ctl_maintain_t	*maintain;
	TALLOC_CTX	*ctx;
	standing_t	standing[MPSK_ALERT_KINDS];
	sign_t		*signs;
	size_t		n, room;
	char		**orgs;		/* that have decisions */
	size_t		n_orgs;
	char		(*newest)[MPSK_TRAIL_ID_MAX];	/* of each the entry that was read last; or "" */
	/* Of the trail that is being read. */
	size_t		org;
	char		from[MPSK_TRAIL_ID_MAX];	/* where the last look ended; or "" */
} look_t;

static int alert_cmp(void const *a, void const *b)
{
	return strcmp(((mpsk_alert_t const *) a)->subject, ((mpsk_alert_t const *) b)->subject);
}

static void failed(ctl_maintain_t *maintain, mpsk_status_t status, mpsk_error_t const *err)
{
	ctl_maintain_done_t const done = { .result = "failed", .reason = err->text, .code = ctl_exit_of(status) };

	maintain->away = maintain->away || status == MPSK_AGAIN;
	ctl_maintain_done(maintain, &done);
}

/* One that stands is told no more. */
static void tell(ctl_maintain_t *maintain, mpsk_alert_t const *alert)
{
	ctl_alert_subject_t const subject = ctl_alert_subject(alert);
	char *text = ctl_alert_text(NULL, alert), *what;
	ctl_maintain_done_t done = { .id = *subject.key ? subject.key : NULL };

	what = ctl_need(talloc_asprintf(text, "%s%s%s%s%s", text, *subject.mac || *subject.nas ? ": " : "", subject.mac,
					*subject.nas ? "at " : "", subject.nas));
	done.what = what;
	done.result = ctl_maintain_say(maintain, "noted:", "would note:");
	ctl_maintain_done(maintain, &done);
	talloc_free(text);
}

static void note(look_t *look, mpsk_alert_t const *sign)
{
	standing_t const *standing = &look->standing[sign->kind];
	mpsk_alert_t const *before = standing->n ?
		bsearch(sign, standing->alerts, standing->n, sizeof(*sign), alert_cmp) : NULL;
	mpsk_alert_t alert = *sign;
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	if (before) {
		alert.first = before->first < sign->first ? before->first : sign->first;
		alert.seen = before->seen > sign->seen ? before->seen : sign->seen;
		alert.count += before->count;
		if (before->most > alert.most) alert.most = before->most;
	}
	if (!look->maintain->dry_run) status = mpsk_alert_write(look->maintain->ctl->store, &alert, &err);
	if (status != MPSK_OK) {
		failed(look->maintain, status, &err);
	} else if (!before) {
		tell(look->maintain, &alert);
	}
}

/*
 * --- Of sessions ---
 */

/* Whether it is meant for many. A key that is gone, or that cannot be read, is of nobody's concern here. */
static bool is_shared(ctl_t *ctl, char const *id)
{
	mpsk_error_t err = { "" };
	mpsk_key_t *key = NULL;
	bool shared = mpsk_store_key_read(ctl->store, NULL, id, &key, &err) != MPSK_OK ||
		      ctl_select_has_tag(key, CTL_ALERT_SHARED);

	talloc_free(key);
	return shared;
}

static void note_many(look_t *look, ctl_clients_sum_t const *sum)
{
	ctl_alert_limits_t const *limits = &look->maintain->alert_limits;
	struct {
		mpsk_alert_kind_t	kind;
		int64_t			number, limit;
	} const counts[] = {
		{ MPSK_ALERT_DEVICES, sum->devices, limits->devices },
		{ MPSK_ALERT_SITES, sum->sites, limits->sites },
		{ MPSK_ALERT_APS, sum->aps, limits->aps },
	};
	bool known = false;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		mpsk_alert_t alert = {
			.kind = counts[i].kind, .first = look->maintain->now, .seen = look->maintain->now, .count = 1,
			.most = counts[i].number
		};

		if (!counts[i].limit || counts[i].number <= counts[i].limit) continue;
		if (!known && is_shared(look->maintain->ctl, sum->id)) return;
		known = true;
		snprintf(alert.subject, sizeof(alert.subject), "%s", sum->id);
		note(look, &alert);
	}
}

static mpsk_status_t sessions_take(void *uctx, char const *id, mpsk_session_t const *sessions, size_t n,
				   mpsk_error_t const *err __attribute__((unused)))
{
	look_t *look = uctx;
	ctl_client_facts_t const facts = {
		.id = id, .sessions = sessions, .n_sessions = n, .now = look->maintain->now,
		.stale = look->maintain->session_stale
	};
	ctl_client_t *clients;
	ctl_clients_sum_t sum;
	size_t n_clients = ctl_clients_of(NULL, &clients, &facts), n_on = 0;

	for (size_t i = 0; i < n_clients; i++) if (clients[i].state == CTL_CLIENT_ON) clients[n_on++] = clients[i];
	ctl_clients_sum(&sum, clients, n_on);
	if (n_on) note_many(look, &sum);
	talloc_free(clients);
	return ctl_maintain_ends(look->maintain) ? MPSK_MISS : MPSK_OK;
}

/*
 * --- Of decisions ---
 */

/* A field of an entry, which anybody near an access point may have had a part in. */
static void field_take(char *out, size_t size, mpsk_trail_record_t const *record, char const *name)
{
	size_t len = 0;
	char const *value = mpsk_trail_get(record, name, &len);

	if (!value || len >= size) len = 0;
	for (size_t i = 0; i < len; i++) out[i] = value[i] >= ' ' && value[i] <= '~' ? value[i] : '?';
	out[len] = '\0';
}

static sign_t *sign_add(look_t *look, mpsk_trail_record_t const *record, mpsk_alert_kind_t kind)
{
	char times[24];
	int64_t n = 0;
	sign_t *sign;

	if (look->n == look->room) {
		look->room = look->room ? 2 * look->room : 64;
		look->signs = ctl_need(talloc_realloc(look->ctx, look->signs, sign_t, look->room));
	}
	sign = &look->signs[look->n++];
	field_take(times, sizeof(times), record, "times");
	(void) mpsk_number_parse(&n, times, strlen(times));
	*sign = (sign_t) {
		.alert = { .kind = kind, .first = record->ms / 1000, .seen = record->ms / 1000, .count = n ? n : 1 },
		.minute = record->ms / MINUTE_MS
	};
	return sign;
}

static void signs_take(look_t *look, mpsk_trail_record_t const *record)
{
	char reason[24], key[MPSK_ID_MAX + 1], holder[MPSK_ID_MAX + 1], mac[MPSK_MAC_TEXT_MAX];
	char nas[MPSK_NAS_ID_MAX + 1];
	mpsk_alert_t *alert;
	bool no_match;

	field_take(reason, sizeof(reason), record, "reason");
	field_take(key, sizeof(key), record, "key");
	field_take(holder, sizeof(holder), record, "holder");
	field_take(mac, sizeof(mac), record, "mac");
	field_take(nas, sizeof(nas), record, "nas");
	no_match = strcmp(reason, "NO_MATCH") == 0;
	if (no_match && *holder && *mac) {
		alert = &sign_add(look, record, MPSK_ALERT_WRONG_KEY)->alert;
		snprintf(alert->subject, sizeof(alert->subject), "%s/%s", holder, mac);
		snprintf(alert->detail, sizeof(alert->detail), "at %.100s", nas);
	}
	if (strcmp(reason, "WRONG_MAC") == 0 && *key) {
		alert = &sign_add(look, record, MPSK_ALERT_WRONG_DEVICE)->alert;
		snprintf(alert->subject, sizeof(alert->subject), "%s", key);
		snprintf(alert->detail, sizeof(alert->detail), "%s at %.100s", mac, nas);
	}
	if (look->maintain->alert_limits.wrong_keys && *nas && (no_match || strcmp(reason, "RATE_LIMITED") == 0)) {
		alert = &sign_add(look, record, MPSK_ALERT_FLOOD)->alert;
		snprintf(alert->subject, sizeof(alert->subject), "%s", nas);
		snprintf(alert->detail, sizeof(alert->detail), "%s", mac);
	}
}

static uint64_t entry_number(char const *id)
{
	char const *dash = strchr(id, '-');

	return dash ? strtoull(dash + 1, NULL, 10) : 0;
}

static mpsk_status_t entry_take(void *uctx, mpsk_trail_record_t const *record)
{
	look_t *look = uctx;

	/* The last look ended with one of the same millisecond. */
	if (*look->from && record->ms <= strtoll(look->from, NULL, 10) &&
	    entry_number(record->id) <= entry_number(look->from)) return MPSK_MISS;
	/* The newest comes first. */
	if (!*look->newest[look->org]) snprintf(look->newest[look->org], MPSK_TRAIL_ID_MAX, "%s", record->id);
	signs_take(look, record);
	return MPSK_OK;
}

/* The minute that goes on is left for the next time, so that none is counted in two parts. */
static mpsk_status_t org_read(look_t *look, char const *org, mpsk_error_t *err)
{
	mpsk_store_t *store = look->maintain->ctl->store;
	int64_t since, until = look->maintain->now * 1000 / MINUTE_MS * MINUTE_MS - 1;
	mpsk_status_t status = mpsk_alert_place(store, org, look->from, err);

	since = *look->from ? strtoll(look->from, NULL, 10) : (look->maintain->now - FIRST_LOOK_S) * 1000;
	if (status == MPSK_OK)
		status = mpsk_trail_read(store, MPSK_TRAIL_LOG, org, since, until, entry_take, look, err);
	return status == MPSK_MISS ? MPSK_OK : status;
}

static mpsk_status_t orgs_read(look_t *look, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_trail_orgs(look->maintain->ctl->store, look->ctx, MPSK_TRAIL_LOG, &look->orgs,
					       &look->n_orgs, err);

	look->newest = ctl_need(talloc_zero_size(look->ctx, (look->n_orgs + 1) * sizeof(*look->newest)));
	for (look->org = 0; look->org < look->n_orgs && status == MPSK_OK; look->org++)
		status = org_read(look, look->orgs[look->org], err);
	return status;
}

/* What was read is noted: the next look goes on behind it. */
static mpsk_status_t looked(look_t const *look, mpsk_error_t *err)
{
	mpsk_store_t *store = look->maintain->ctl->store;
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < look->n_orgs && status == MPSK_OK; i++)
		if (*look->newest[i]) status = mpsk_alert_place_set(store, look->orgs[i], look->newest[i], err);
	if (status == MPSK_OK) status = mpsk_alert_looked_set(store, look->maintain->now, err);
	return status;
}

static int sign_cmp(void const *a, void const *b)
{
	sign_t const *x = a, *y = b;
	int order = strcmp(x->alert.subject, y->alert.subject);

	if (x->alert.kind != y->alert.kind) return x->alert.kind < y->alert.kind ? -1 : 1;
	if (order) return order;
	return (x->alert.seen > y->alert.seen) - (x->alert.seen < y->alert.seen);
}

/* How many of one minute stand from here on. */
static size_t minute_count(look_t const *look, size_t i, int64_t *count)
{
	sign_t const *first = &look->signs[i];
	size_t end = i;

	*count = 0;
	for (; end < look->n && look->signs[end].minute == first->minute && look->signs[end].alert.kind ==
	     first->alert.kind && alert_cmp(&look->signs[end].alert, &first->alert) == 0; end++)
		*count += look->signs[end].alert.count;
	return end;
}

/* Those of one subject become one; of a flood only the minutes that are one. */
static void signs_note(look_t *look)
{
	mpsk_alert_t alert = { .count = 0 };

	if (look->n) qsort(look->signs, look->n, sizeof(*look->signs), sign_cmp);
	for (size_t i = 0; i < look->n && !ctl_maintain_ends(look->maintain);) {
		mpsk_alert_t const *first = &look->signs[i].alert;
		int64_t count;
		size_t end = minute_count(look, i, &count);
		bool flood = first->kind == MPSK_ALERT_FLOOD;

		if (alert.count && (alert.kind != first->kind || alert_cmp(&alert, first) != 0)) {
			note(look, &alert);
			alert.count = 0;
		}
		if (!flood || count > look->maintain->alert_limits.wrong_keys) {
			int64_t before = alert.count, began = alert.first, most = alert.most;

			alert = look->signs[end - 1].alert;
			alert.first = before ? began : first->first;
			alert.count = before + count;
			if (flood) alert.most = before && most > count ? most : count;
		}
		i = end;
	}
	if (alert.count) note(look, &alert);
}

/*
 * --- The step ---
 */

/* Those that stand, but for the old ones, which go. */
static mpsk_status_t standing_read(look_t *look, mpsk_error_t *err)
{
	mpsk_store_t *store = look->maintain->ctl->store;
	mpsk_status_t status = MPSK_OK;

	for (int kind = 0; kind < MPSK_ALERT_KINDS && status == MPSK_OK; kind++) {
		standing_t *standing = &look->standing[kind];
		size_t n = 0;

		status = mpsk_alerts_read(store, look->ctx, (mpsk_alert_kind_t) kind, &standing->alerts, &standing->n,
					  err);
		for (size_t i = 0; i < standing->n && status == MPSK_OK; i++) {
			if (standing->alerts[i].seen > look->maintain->now - MPSK_ALERT_LIFE_S) {
				standing->alerts[n++] = standing->alerts[i];
			} else if (!look->maintain->dry_run) {
				status = mpsk_alert_drop(store, &standing->alerts[i], err);
			}
		}
		standing->n = n;
	}
	return status;
}

void maintain_alerts(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	look_t look = { .maintain = maintain, .ctx = ctl_need(talloc_new(NULL)) };
	mpsk_error_t err = { "" };
	mpsk_status_t status = standing_read(&look, &err);

	(void) keys, (void) n;
	if (status == MPSK_OK) status = mpsk_store_sessions_each(maintain->ctl->store, sessions_take, &look, &err);
	if (status == MPSK_OK) status = orgs_read(&look, &err);
	if (status == MPSK_OK) signs_note(&look);
	if (status == MPSK_OK && !maintain->dry_run && !ctl_maintain_ends(maintain)) status = looked(&look, &err);
	if (status != MPSK_OK && status != MPSK_MISS) failed(maintain, status, &err);
	talloc_free(look.ctx);
}
