/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "store/session.h"

mpsk_session_terms_t const mpsk_session_terms = MPSK_SESSION_TERMS;

/* As session.lua does it, for what was not written yet. */

static int octets_compare(mpsk_octets_t const *a, mpsk_octets_t const *b)
{
	/* Those past len are zero. */
	return memcmp(a->octets, b->octets, sizeof(a->octets));
}

/* Whether what one event says of a session's place stands, and not what another says: the later one's. */
static bool is_later(mpsk_session_t const *one, mpsk_session_t const *than, int tie)
{
	return one->seen > than->seen || (one->seen == than->seen && tie > 0);
}

static void text_merge(char *into, char const *from, size_t size, mpsk_session_t const *a, mpsk_session_t const *b)
{
	if (*from && (!*into || is_later(b, a, strcmp(from, into)))) memcpy(into, from, size);
}

static void changing_merge(mpsk_session_t *into, mpsk_session_t const *from)
{
	if (from->has_bssid && (!into->has_bssid || is_later(from, into, memcmp(&from->bssid, &into->bssid,
									       sizeof(into->bssid))))) {
		into->bssid = from->bssid;
		into->has_bssid = true;
	}
	if (from->ssid.len && (!into->ssid.len || is_later(from, into, memcmp(from->ssid.octets, into->ssid.octets,
									      sizeof(into->ssid.octets))))) {
		into->ssid = from->ssid;
	}
	if (from->name.len && (!into->name.len || is_later(from, into, octets_compare(&from->name, &into->name)))) {
		into->name = from->name;
	}
	text_merge(into->site, from->site, sizeof(into->site), into, from);
	text_merge(into->address, from->address, sizeof(into->address), into, from);
}

/* Of several Stops the first stands. */
static void end_merge(mpsk_session_t *into, mpsk_session_t const *from)
{
	bool tie = from->ended == into->ended && strcmp(from->cause, into->cause) > 0;

	if (!from->ended) return;
	if (into->ended && from->ended >= into->ended && !tie) return;
	into->ended = from->ended;
	memcpy(into->cause, from->cause, sizeof(into->cause));
}

/* The key that a device's own trace leads to, before one that a name does. */
static void key_merge(mpsk_session_event_t *into, mpsk_session_event_t const *from)
{
	if (!from->session.id[0]) return;
	if (into->session.id[0] && (!into->by_name || from->by_name)) return;
	memcpy(into->session.id, from->session.id, sizeof(into->session.id));
	memcpy(into->session.role, from->session.role, sizeof(into->session.role));
	memcpy(into->session.print, from->session.print, sizeof(into->session.print));
	into->session.vlan = from->session.vlan;
	into->by_name = from->by_name;
	into->learn = from->learn;
}

/* Whether an event is of another session than a later one, which began at `first` at the soonest. */
static bool is_other(mpsk_session_t const *later, int64_t first, mpsk_session_t const *event)
{
	if (memcmp(&later->mac, &event->mac, sizeof(later->mac)) != 0) return event->seen <= later->seen;
	return event->ended && first > event->ended;
}

void mpsk_session_event_merge(mpsk_session_event_t *into, mpsk_session_event_t const *from)
{
	mpsk_session_t *a = &into->session;
	mpsk_session_t const *b = &from->session;

	/* Of two sessions under one Acct-Session-Id only the later one is told. */
	if (is_other(a, into->first, b)) {
		into->another = true;
		return;
	}
	if (is_other(b, from->first, a)) {
		*into = *from;
		into->another = true;
		return;
	}
	changing_merge(a, b);
	end_merge(a, b);
	key_merge(into, from);
	if (b->since && (!a->since || b->since < a->since)) a->since = b->since;
	if (b->seen > a->seen) a->seen = b->seen;
	if (b->in > a->in) a->in = b->in;
	if (b->out > a->out) a->out = b->out;
	if (from->first > into->first) into->first = from->first;
	into->started = into->started || from->started;
	into->another = into->another || from->another;
}
