/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "client.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/session.h"

/*
 * --- Of one key ---
 */

/* Of each device, what goes on first, then what was heard of last. */
typedef struct {
	mpsk_mac_t const	*mac;
	mpsk_session_t const	*session;	/* NULL: a claim */
	bool			on;
	int64_t			seen;
} fact_t;

static int fact_cmp(void const *a, void const *b)
{
	fact_t const *x = a, *y = b;
	int order = memcmp(x->mac, y->mac, sizeof(*x->mac));

	if (order) return order;
	if (x->on != y->on) return x->on ? -1 : 1;
	if (x->seen != y->seen) return x->seen > y->seen ? -1 : 1;
	/* What a claim tells, a session that was heard of at the same time tells better. */
	return !x->session - !y->session;
}

static ctl_client_state_t state_of(fact_t const *best)
{
	if (!best->session) return CTL_CLIENT_SEEN;
	return best->on ? CTL_CLIENT_ON : CTL_CLIENT_OFF;
}

size_t ctl_clients_of(TALLOC_CTX *ctx, ctl_client_t **out, ctl_client_facts_t const *facts)
{
	size_t n = facts->n_sessions + facts->n_devices, n_clients = 0;
	fact_t *list = ctl_need(talloc_array(NULL, fact_t, n + 1));
	ctl_client_t *clients = ctl_need(talloc_array(ctx, ctl_client_t, n + 1));

	for (size_t i = 0; i < facts->n_sessions; i++) {
		mpsk_session_t const *session = &facts->sessions[i];

		list[i] = (fact_t) {
			.mac = &session->mac, .session = session, .seen = session->seen,
			.on = mpsk_session_active(session, facts->now, facts->stale)
		};
	}
	for (size_t i = 0; i < facts->n_devices; i++) {
		mpsk_device_t const *device = &facts->devices[i];

		list[facts->n_sessions + i] = (fact_t) { .mac = &device->mac, .seen = device->last_seen };
	}
	qsort(list, n, sizeof(*list), fact_cmp);
	for (size_t i = 0; i < n; i++) {
		ctl_client_t *last = n_clients ? &clients[n_clients - 1] : NULL;

		if (!last || memcmp(&last->mac, list[i].mac, sizeof(last->mac)) != 0) {
			last = &clients[n_clients++];
			*last = (ctl_client_t) {
				.id = facts->id, .mac = *list[i].mac, .state = state_of(&list[i]),
				.seen = list[i].seen, .session = list[i].session
			};
		}
		if (list[i].on) last->sessions++;
	}
	talloc_free(list);
	*out = clients;
	return n_clients;
}

/*
 * --- Together ---
 */
static int text_cmp(void const *a, void const *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* How many of the texts differ. */
static int64_t distinct(char const **texts, size_t n)
{
	int64_t count = 0;

	if (n) qsort(texts, n, sizeof(*texts), text_cmp);
	for (size_t i = 0; i < n; i++) if (i == 0 || strcmp(texts[i - 1], texts[i]) != 0) count++;
	return count;
}

void ctl_clients_sum(ctl_clients_sum_t *sum, ctl_client_t const *clients, size_t n)
{
	char (*aps)[MPSK_MAC_TEXT_MAX] = ctl_need(talloc_size(NULL, (n + 1) * sizeof(*aps)));
	char const **texts = ctl_need(talloc_array(aps, char const *, 2 * n + 1)), **sites = texts + n;
	size_t n_aps = 0, n_sites = 0;

	*sum = (ctl_clients_sum_t) { .id = n ? clients[0].id : "", .devices = (int64_t) n };
	for (size_t i = 0; i < n; i++) {
		mpsk_session_t const *session = clients[i].session;

		if (clients[i].state == CTL_CLIENT_ON) sum->on++;
		if (mpsk_mac_is_local(&clients[i].mac)) sum->local++;
		if (clients[i].seen > sum->seen) sum->seen = clients[i].seen;
		if (!session) continue;
		sum->in += session->in;
		sum->out += session->out;
		texts[n_aps++] = session->has_bssid ? mpsk_mac_print(aps[i], &session->bssid) : session->nas;
		if (session->site[0]) sites[n_sites++] = session->site;
	}
	sum->aps = distinct(texts, n_aps);
	sum->sites = distinct(sites, n_sites);
	talloc_free(aps);
}

/*
 * --- Of all ---
 */

/* The devices of a key. */
typedef struct {
	char		id[MPSK_ID_MAX + 1];
	mpsk_device_t	*devices;
	size_t		n;
	bool		done;
} owner_t;

typedef struct {
	TALLOC_CTX		*ctx;
	int64_t			now, stale;
	ctl_clients_cb_t	cb;
	void			*uctx;
	owner_t			*owners;	/* in the order of their ids, once all are there */
	size_t			n, room;
	void			*others;	/* the ids that have sessions and no devices: a tree of tsearch() */
} walk_t;

static int owner_cmp(void const *a, void const *b)
{
	return strcmp(((owner_t const *) a)->id, ((owner_t const *) b)->id);
}

static int id_cmp(void const *a, void const *b)
{
	return strcmp(a, b);
}

static void keep(void *id __attribute__((unused)))
{
}

static mpsk_status_t devices_take(void *uctx, char const *id, mpsk_device_t const *devices, size_t n,
				  mpsk_error_t const *err __attribute__((unused)))
{
	walk_t *walk = uctx;
	owner_t *owner;

	if (!n) return MPSK_OK;
	if (walk->n == walk->room) {
		walk->room = walk->room ? 2 * walk->room : 256;
		walk->owners = ctl_need(talloc_realloc(walk->ctx, walk->owners, owner_t, walk->room));
	}
	owner = &walk->owners[walk->n++];
	*owner = (owner_t) { .devices = ctl_need(talloc_memdup(walk->ctx, devices, n * sizeof(*devices))), .n = n };
	snprintf(owner->id, sizeof(owner->id), "%s", id);
	return MPSK_OK;
}

/* In their order, each once: a walk may give a key twice. */
static void owners_order(walk_t *walk)
{
	size_t n = 0;

	if (walk->n) qsort(walk->owners, walk->n, sizeof(*walk->owners), owner_cmp);
	for (size_t i = 0; i < walk->n; i++) {
		if (n > 0 && owner_cmp(&walk->owners[n - 1], &walk->owners[i]) == 0) continue;
		walk->owners[n++] = walk->owners[i];
	}
	walk->n = n;
}

static mpsk_status_t show(walk_t const *walk, char const *id, owner_t const *owner, mpsk_session_t const *sessions,
			  size_t n)
{
	ctl_client_facts_t const facts = {
		.id = id, .sessions = sessions, .n_sessions = n, .devices = owner ? owner->devices : NULL,
		.n_devices = owner ? owner->n : 0, .now = walk->now, .stale = walk->stale
	};
	ctl_client_t *clients;
	size_t n_clients = ctl_clients_of(NULL, &clients, &facts);
	mpsk_status_t status = n_clients ? walk->cb(walk->uctx, id, clients, n_clients) : MPSK_OK;

	talloc_free(clients);
	return status;
}

/* Whether a key without devices comes for the first time. */
static bool is_new(walk_t *walk, char const *id)
{
	char *own = ctl_need(talloc_strdup(walk->ctx, id));
	char **found = ctl_need(tsearch(own, &walk->others, id_cmp));

	return *found == own;
}

static mpsk_status_t sessions_take(void *uctx, char const *id, mpsk_session_t const *sessions, size_t n,
				   mpsk_error_t const *err __attribute__((unused)))
{
	walk_t *walk = uctx;
	owner_t wanted, *owner = NULL;

	if (!n) return MPSK_OK;
	snprintf(wanted.id, sizeof(wanted.id), "%s", id);
	if (walk->n) owner = bsearch(&wanted, walk->owners, walk->n, sizeof(wanted), owner_cmp);
	if (owner ? owner->done : !is_new(walk, id)) return MPSK_OK;
	if (owner) owner->done = true;
	return show(walk, id, owner, sessions, n);
}

static mpsk_status_t walk_all(ctl_t *ctl, walk_t *walk, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_store_devices_each(ctl->store, devices_take, walk, err);

	if (status != MPSK_OK) return status;
	owners_order(walk);
	status = mpsk_store_sessions_each(ctl->store, sessions_take, walk, err);
	for (size_t i = 0; i < walk->n && status == MPSK_OK; i++)
		if (!walk->owners[i].done) status = show(walk, walk->owners[i].id, &walk->owners[i], NULL, 0);
	return status;
}

static mpsk_status_t walk_one(ctl_t *ctl, walk_t *walk, char const *id, mpsk_error_t *err)
{
	owner_t owner = { .n = 0 };
	mpsk_session_t *sessions = NULL;
	size_t n = 0;
	mpsk_status_t status = mpsk_store_devices(ctl->store, walk->ctx, id, &owner.devices, &owner.n, err);

	/* A key that is gone may leave sessions behind. */
	if (status == MPSK_OK || status == MPSK_MISS)
		status = mpsk_store_sessions(ctl->store, walk->ctx, id, &sessions, &n, err);
	if (status != MPSK_OK && status != MPSK_MISS) return status;
	return show(walk, id, &owner, sessions, n);
}

ctl_exit_t ctl_clients_each(ctl_t *ctl, char const *id, int64_t now, int64_t stale, ctl_clients_cb_t cb, void *uctx)
{
	walk_t walk = { .ctx = ctl_need(talloc_new(NULL)), .now = now, .stale = stale, .cb = cb, .uctx = uctx };
	mpsk_error_t err = { "" };
	mpsk_status_t status = id ? walk_one(ctl, &walk, id, &err) : walk_all(ctl, &walk, &err);

	tdestroy(walk.others, keep);
	talloc_free(walk.ctx);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "%s", err.text);
}
