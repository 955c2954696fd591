/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "disconnect.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "radius/disconnect.h"
#include "radius/exchange.h"
#include "store/again.h"
#include "store/nas.h"
#include "store/session.h"

/* RFC 5080, 2.2.1, with shorter times: whoever is cut off is to be off within seconds, also where a packet is lost. */
static radius_patience_t const patience = {
	.timeout_ms = 10000, .retransmit_ms = 800, .retransmit_max_ms = 4000, .retries = 4
};

#define CACHE_DEFAULT	30	/* seconds for which hostapd keeps answers that it asked for by MAC */
#define CACHE_MARGIN	2

/*
 * --- Whom ---
 */
ctl_exit_t ctl_disconnect_begin(ctl_disconnect_t **out, ctl_disconnect_options_t const *options)
{
	ctl_disconnect_t *disconnect;

	*out = NULL;
	if (options->none) return CTL_OK;
	disconnect = ctl_need(talloc_zero(options->ctl->mem, ctl_disconnect_t));
	disconnect->ctl = options->ctl;
	disconnect->now = options->ctl->now;
	disconnect->again = true;
	*out = disconnect;
	return ctl_nases_create(options->ctl, &disconnect->nases);
}

void ctl_disconnect_add(ctl_disconnect_t *disconnect, mpsk_session_t const *session, mpsk_standing_t standing)
{
	if (!disconnect || session->ended) return;
	if (disconnect->n == disconnect->room) {
		disconnect->room = disconnect->room ? 2 * disconnect->room : 16;
		disconnect->list = ctl_need(talloc_realloc(disconnect, disconnect->list, ctl_disconnected_t,
							   disconnect->room));
	}
	disconnect->list[disconnect->n++] = (ctl_disconnected_t) { .session = *session, .standing = standing };
}

static ctl_exit_t fail(char const *id, mpsk_status_t status, mpsk_error_t const *err)
{
	return ctl_fail(ctl_exit_of(status), "key %s: its sessions cannot be read: %s", id, err->text);
}

ctl_exit_t ctl_disconnect_note(ctl_disconnect_t *disconnect, char const *id, mpsk_session_t **sessions, size_t *n)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	*n = 0;
	if (!disconnect) return CTL_OK;
	status = mpsk_store_sessions(disconnect->ctl->store, disconnect->ctl->mem, id, sessions, n, &err);
	return status == MPSK_OK || status == MPSK_MISS ? CTL_OK : fail(id, status, &err);
}

/* A key with its devices, as sessions are held against them. */
typedef struct {
	char const		*id;
	mpsk_key_t		*key;		/* NULL: it is gone, or malformed */
	bool			is_malformed;
	mpsk_device_t		*devices;
	size_t			n_devices;
	char			*site;		/* that vlans is of; or NULL */
	char			*vlans;
} owner_t;

static mpsk_status_t owner_read(ctl_t *ctl, TALLOC_CTX *ctx, owner_t *owner, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_store_key_devices(ctl->store, ctx, owner->id, &owner->key, &owner->devices,
						      &owner->n_devices, err);

	owner->is_malformed = status == MPSK_BAD;
	return status == MPSK_MISS || status == MPSK_BAD ? MPSK_OK : status;
}

static bool is_known(owner_t const *owner, mpsk_mac_t const *mac)
{
	for (size_t i = 0; i < owner->n_devices; i++) {
		if (memcmp(&owner->devices[i].mac, mac, sizeof(*mac)) == 0) return true;
	}
	return false;
}

/* Read what the session's site calls its VLANs, where the key goes by such a name. */
static mpsk_status_t vlans_read(ctl_t *ctl, TALLOC_CTX *ctx, owner_t *owner, mpsk_session_t const *session,
				mpsk_error_t *err)
{
	mpsk_status_t status;

	if (!owner->key->vlan_name || !session->site[0]) {
		owner->vlans = NULL;
		return MPSK_OK;
	}
	if (owner->site && strcmp(owner->site, session->site) == 0) return MPSK_OK;
	owner->site = ctl_need(talloc_strdup(ctx, session->site));
	status = mpsk_store_site_vlans(ctl->store, ctx, session->site, &owner->vlans, err);
	if (status == MPSK_MISS) owner->vlans = ctl_need(talloc_strdup(ctx, ""));
	return status == MPSK_MISS ? MPSK_OK : status;
}

static mpsk_status_t standing_of(ctl_disconnect_t const *disconnect, TALLOC_CTX *ctx, owner_t *owner,
				 mpsk_session_t const *session, mpsk_standing_t *standing, mpsk_error_t *err)
{
	mpsk_standing_facts_t facts = { .now = disconnect->now };
	mpsk_status_t status = MPSK_OK;

	if (owner->key) {
		status = vlans_read(disconnect->ctl, ctx, owner, session, err);
		facts.known = is_known(owner, &session->mac);
		facts.vlans = owner->vlans;
	}
	*standing = mpsk_standing_of(session, owner->key, &facts);
	return status;
}

static mpsk_status_t sessions_judge(ctl_disconnect_t *disconnect, owner_t *owner, mpsk_session_t const *sessions,
				    size_t n, mpsk_standing_t on_malformed, mpsk_error_t *err)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_status_t status = owner_read(disconnect->ctl, ctx, owner, err);

	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		mpsk_standing_t standing = on_malformed;

		if (sessions[i].ended) continue;
		if (!owner->is_malformed) {
			status = standing_of(disconnect, ctx, owner, &sessions[i], &standing, err);
		}
		if (standing == MPSK_STANDING_STAYS && disconnect->new_psk && !sessions[i].print[0])
			standing = MPSK_STANDING_PASSPHRASE;
		if (standing != MPSK_STANDING_STAYS) ctl_disconnect_add(disconnect, &sessions[i], standing);
	}
	talloc_free(ctx);
	return status;
}

ctl_exit_t ctl_disconnect_key(ctl_disconnect_t *disconnect, char const *id, mpsk_standing_t on_malformed)
{
	owner_t owner = { .id = id };
	mpsk_session_t *sessions = NULL;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;
	size_t n;

	if (!disconnect) return CTL_OK;
	if ((code = ctl_disconnect_note(disconnect, id, &sessions, &n)) != CTL_OK || !n) return code;
	status = sessions_judge(disconnect, &owner, sessions, n, on_malformed, &err);
	talloc_free(sessions);
	return status == MPSK_OK ? CTL_OK : fail(id, status, &err);
}

/*
 * --- All ---
 */
typedef struct {
	ctl_disconnect_t	*disconnect;
	bool			only_marks;	/* look who is welcome, and add none */
	mpsk_again_t		*marks;		/* those whose time has come, in the order of their MACs */
	bool			*welcome;	/* beside each: the device is on with a session that may go on */
	size_t			n_marks;
} all_t;

static int mark_cmp(void const *a, void const *b)
{
	return memcmp(&((mpsk_again_t const *) a)->mac, &((mpsk_again_t const *) b)->mac, sizeof(mpsk_mac_t));
}

static void welcome_note(all_t *all, mpsk_session_t const *session)
{
	mpsk_again_t const wanted = { .mac = session->mac };
	mpsk_again_t const *found = all->n_marks ?
		bsearch(&wanted, all->marks, all->n_marks, sizeof(*all->marks), mark_cmp) : NULL;

	if (!found) return;
	for (size_t i = 0; i < all->n_marks; i++) {
		if (mark_cmp(&all->marks[i], &wanted) == 0) all->welcome[i] = true;
	}
}

static bool any_open(mpsk_session_t const *sessions, size_t n)
{
	for (size_t i = 0; i < n; i++) if (!sessions[i].ended) return true;
	return false;
}

static mpsk_status_t all_take(void *uctx, char const *id, mpsk_session_t const *sessions, size_t n,
			      mpsk_error_t const *err __attribute__((unused)))
{
	all_t *all = uctx;
	ctl_disconnect_t *disconnect = all->disconnect;
	size_t before = disconnect->n, bad;
	owner_t owner = { .id = id };
	mpsk_error_t why = { "" };
	mpsk_status_t status;

	if (!any_open(sessions, n)) return MPSK_OK;
	status = sessions_judge(disconnect, &owner, sessions, n, MPSK_STANDING_STAYS, &why);
	if (status != MPSK_OK) {
		ctl_fail(CTL_FAILED, "key %s: %s", id, why.text);
		return status;
	}
	bad = before;
	for (size_t i = 0; i < n; i++) {
		/* Those that were added stand in the order of the sessions. */
		if (bad < disconnect->n && disconnect->list[bad].session.sid.len == sessions[i].sid.len &&
		    memcmp(&disconnect->list[bad].session.sid, &sessions[i].sid, sizeof(sessions[i].sid)) == 0 &&
		    strcmp(disconnect->list[bad].session.nas, sessions[i].nas) == 0) {
			bad++;
		} else if (!sessions[i].ended) {
			welcome_note(all, &sessions[i]);
		}
	}
	if (all->only_marks) disconnect->n = before;
	return MPSK_OK;
}

/* Whoever is on with a session that may go on stays; but not at a NAS of which it is told that it keeps answers. */
static ctl_exit_t marks_add(all_t *all)
{
	ctl_disconnect_t *disconnect = all->disconnect;

	for (size_t i = 0; i < all->n_marks; i++) {
		mpsk_again_t const *mark = &all->marks[i];
		mpsk_session_t session = { .mac = mark->mac };
		ctl_nas_t *nas;
		ctl_exit_t code = ctl_nas_find(disconnect->nases, mark->nas, mark->address, &nas);

		if (code != CTL_OK) return code;
		if (nas->state != CTL_NAS_READY || (all->welcome[i] && nas->cache <= 0)) continue;
		strcpy(session.nas, mark->nas);
		strcpy(session.address, mark->address);
		ctl_disconnect_add(disconnect, &session, MPSK_STANDING_GONE);
	}
	return CTL_OK;
}

static ctl_exit_t all_add(ctl_disconnect_t *disconnect, bool only_marks, bool look)
{
	all_t all = { .disconnect = disconnect, .only_marks = only_marks };
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_again_due(disconnect->ctl->store, ctx, disconnect->now, &all.marks,
						    &all.n_marks, &err);
	ctl_exit_t code = CTL_OK;

	if (status == MPSK_OK && (all.n_marks || !only_marks)) {
		if (all.n_marks) qsort(all.marks, all.n_marks, sizeof(*all.marks), mark_cmp);
		all.welcome = ctl_need(talloc_zero_array(ctx, bool, all.n_marks + 1));
		status = mpsk_store_sessions_each(disconnect->ctl->store, all_take, &all, &err);
		if (status == MPSK_OK) code = marks_add(&all);
		if (status == MPSK_OK && code == CTL_OK && !look) {
			status = mpsk_store_again_drop(disconnect->ctl->store, all.marks, all.n_marks, &err);
		}
	}
	if (status != MPSK_OK) code = ctl_fail(ctl_exit_of(status), "sessions: %s", err.text);
	talloc_free(ctx);
	return code;
}

ctl_exit_t ctl_disconnect_all(ctl_disconnect_t *disconnect, int64_t now, bool look)
{
	if (!disconnect) return CTL_OK;
	disconnect->now = now;
	return all_add(disconnect, false, look);
}

/*
 * --- Asking ---
 */
typedef struct {
	radius_exchange_t	exchange;	/* first, for asking_take() */
	ctl_disconnected_t	*of;
	mpsk_error_t		refused;	/* of the last datagram that was no answer; or "" */
} asking_t;

static bool asking_take(radius_exchange_t *exchange, uint8_t const *octets, size_t len)
{
	asking_t *asking = (asking_t *) (void *) exchange;
	radius_disconnect_answer_t answer;

	if (radius_disconnect_read(&answer, octets, len, exchange->request, &asking->of->nas->secret,
				   &asking->refused) != MPSK_OK) return false;
	asking->of->cause = answer.cause;
	asking->of->off = answer.ack ? CTL_OFF_ACK :
			  answer.cause == RADIUS_CAUSE_NO_SESSION ? CTL_OFF_ABSENT : CTL_OFF_REFUSED;
	return true;
}

static void refused_say(ctl_disconnected_t *of)
{
	char const *text = of->cause ? radius_disconnect_cause(of->cause) : NULL;

	(void) mpsk_error_set(&of->why, MPSK_OK, "%s refuses: %s%s(Error-Cause %u)", of->nas->peer.text,
			      text ? text : "", text ? " " : "it does not say why ", of->cause);
}

static void silent_say(asking_t const *asking)
{
	(void) mpsk_error_set(&asking->of->why, MPSK_OK, "%s: %s%s%s", asking->of->nas->peer.text,
			      asking->exchange.err.text,
			      asking->refused.text[0] ? "; what came was passed over: " :
			      ": does it take Disconnect-Requests from this machine, at that port, and is the secret "
			      "the same?", asking->refused.text);
}

static mpsk_status_t request_make(TALLOC_CTX *ctx, asking_t *asking, bool by_mac, mpsk_error_t *err)
{
	ctl_disconnected_t const *of = asking->of;
	radius_disconnect_t const what = {
		.mac = of->session.mac,
		.session = by_mac || !of->session.sid.len ? NULL : &of->session.sid,
		.user = by_mac || !of->session.name.len ? NULL : &of->session.name,
		.now = (int64_t) time(NULL),
	};
	radius_packet_t packet;
	mpsk_status_t status;

	/* Each goes from a port of its own, so that one id does for all. */
	status = radius_disconnect_build(&packet, of->nas->way, &what, by_mac, &of->nas->secret, err);
	if (status != MPSK_OK) return status;
	asking->exchange.request = ctl_need(talloc_memdup(ctx, packet.octets, packet.len));
	asking->exchange.request_len = packet.len;
	asking->exchange.peer = &of->nas->peer;
	asking->exchange.take = asking_take;
	return MPSK_OK;
}

static ctl_exit_t ask(ctl_disconnected_t **of, size_t n, bool by_mac)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	asking_t *askings = ctl_need(talloc_zero_array(ctx, asking_t, n));
	radius_exchange_t **row = ctl_need(talloc_array(ctx, radius_exchange_t *, n));
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		askings[i].of = of[i];
		row[i] = &askings[i].exchange;
		status = request_make(ctx, &askings[i], by_mac, &err);
	}
	if (status == MPSK_OK) status = radius_exchange_run(row, n, &patience, &err);
	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		asking_t const *asking = &askings[i];

		if (asking->exchange.status != MPSK_OK) {
			asking->of->off = CTL_OFF_SILENT;
			silent_say(asking);
		} else if (asking->of->off == CTL_OFF_REFUSED) {
			refused_say(asking->of);
		}
	}
	talloc_free(ctx);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "disconnecting: %s", err.text);
}

/* Whether to ask once more by the MAC alone: the session of then may be another one by now, or not be asked for. */
static bool is_worth_by_mac(ctl_disconnected_t const *of)
{
	return (of->off == CTL_OFF_ABSENT || of->off == CTL_OFF_REFUSED) && of->session.sid.len;
}

static void nas_set(ctl_disconnect_t *disconnect, ctl_disconnected_t *of, ctl_exit_t *code)
{
	if (*code != CTL_OK) return;
	*code = ctl_nas_find(disconnect->nases, of->session.nas, of->session.address, &of->nas);
	of->off = CTL_OFF_UNASKED;
	if (*code == CTL_OK) of->why = of->nas->why;
}

/* Where the access point keeps what it was answered, the device is back at once: it is asked for again, later. */
static ctl_exit_t again_put(ctl_disconnect_t *disconnect, ctl_disconnected_t const *list, size_t n)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; disconnect->again && status == MPSK_OK && i < n; i++) {
		mpsk_session_t const *session = &list[i].session;
		int64_t cache = list[i].nas->cache < 0 ? CACHE_DEFAULT : list[i].nas->cache;
		mpsk_again_t again = { .mac = session->mac, .due = (int64_t) time(NULL) + cache + CACHE_MARGIN };

		/* Without a sid it was the second time already. */
		if (!ctl_off_is_off(list[i].off) || !session->sid.len || !cache) continue;
		strcpy(again.nas, session->nas);
		strcpy(again.address, session->address);
		status = mpsk_store_again_put(disconnect->ctl->store, &again, 1, &err);
	}
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "mpsk:again: %s", err.text);
}

/* How it went. */
static ctl_exit_t outcome(ctl_disconnected_t const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].off == CTL_OFF_REFUSED || list[i].off == CTL_OFF_SILENT) return CTL_REMAINS;
	}
	return CTL_OK;
}

ctl_exit_t ctl_disconnect_send(ctl_disconnect_t *disconnect)
{
	ctl_disconnected_t *list, **of;
	ctl_exit_t code = CTL_OK;
	size_t n, n_of = 0;

	if (!disconnect || disconnect->n == disconnect->n_sent) return CTL_OK;
	list = disconnect->list + disconnect->n_sent;
	n = disconnect->n - disconnect->n_sent;
	of = ctl_need(talloc_array(NULL, ctl_disconnected_t *, n));
	for (size_t i = 0; i < n; i++) {
		nas_set(disconnect, &list[i], &code);
		if (code == CTL_OK && list[i].nas->state == CTL_NAS_READY) of[n_of++] = &list[i];
	}
	if (code == CTL_OK && n_of) code = ask(of, n_of, false);
	n_of = 0;
	for (size_t i = 0; code == CTL_OK && i < n; i++) if (is_worth_by_mac(&list[i])) of[n_of++] = &list[i];
	if (code == CTL_OK && n_of) code = ask(of, n_of, true);
	talloc_free(of);
	disconnect->n_sent = disconnect->n;
	if (code == CTL_OK) code = ctl_disconnect_record(disconnect->ctl, list, n, (int64_t) time(NULL));
	if (code == CTL_OK) code = again_put(disconnect, list, n);
	return code == CTL_OK ? outcome(list, n) : code;
}

/* When the last of those that are off has its second time; 0: there is none. */
static int64_t second_time(ctl_disconnect_t const *disconnect, int64_t now)
{
	int64_t due = 0;

	for (size_t i = 0; i < disconnect->n; i++) {
		ctl_disconnected_t const *of = &disconnect->list[i];
		int64_t cache = of->nas && of->nas->cache >= 0 ? of->nas->cache : CACHE_DEFAULT;

		if (ctl_off_is_off(of->off) && cache && now + cache + CACHE_MARGIN > due)
			due = now + cache + CACHE_MARGIN;
	}
	return due;
}

static ctl_exit_t wait(ctl_disconnect_t *disconnect)
{
	int64_t now = (int64_t) time(NULL), due = second_time(disconnect, now);
	ctl_exit_t code;

	if (!due) return CTL_OK;
	for (; now < due; now = (int64_t) time(NULL)) {
		struct timespec const rest = { .tv_sec = due - now };

		nanosleep(&rest, NULL);
	}
	disconnect->now = now;
	code = all_add(disconnect, true, false);
	if (code == CTL_OK) code = ctl_disconnect_send(disconnect);
	ctl_disconnect_say(disconnect);
	return code;
}

ctl_exit_t ctl_disconnect_finish(ctl_disconnect_t *disconnect, ctl_disconnect_options_t const *options)
{
	ctl_exit_t code, again = CTL_OK;

	if (!disconnect) return CTL_OK;
	code = ctl_disconnect_send(disconnect);
	ctl_disconnect_say(disconnect);
	if (options->wait && code != CTL_FAILED) again = wait(disconnect);
	return again > code ? again : code;
}
