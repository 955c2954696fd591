/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/session_call.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void mpsk_session_mark(char mark[static MPSK_SESSION_MARK_MAX], mpsk_mac_t const *bssid)
{
	char text[MPSK_MAC_TEXT_MAX];

	snprintf(mark, MPSK_SESSION_MARK_MAX, MPSK_SESSION_MARK "-%s", mpsk_mac_print(text, bssid));
}

void mpsk_session_call_add(mpsk_session_call_t *call, char const *text)
{
	call->argv[call->argc] = text;
	call->argvlen[call->argc++] = strlen(text);
}

static char const *number_print(mpsk_session_call_t *call, uint64_t number)
{
	char *out = call->numbers[call->n_numbers++];

	snprintf(out, SESSION_NUMBER_MAX, "%" PRIu64, number);
	return out;
}

void mpsk_session_call_add_number(mpsk_session_call_t *call, uint64_t number)
{
	mpsk_session_call_add(call, number_print(call, number));
}

static void call_add_told(mpsk_session_call_t *call, uint64_t number)
{
	mpsk_session_call_add(call, number ? number_print(call, number) : "");
}

void mpsk_session_call_begin(mpsk_session_call_t *call, char const *op, char const *id, char const *field, int64_t now,
			     mpsk_session_terms_t const *terms)
{
	call->argc = MPSK_SCRIPT_HEAD;
	call->n_numbers = 0;
	call->keys[0] = mpsk_rkey_sess(id);
	call->keys[1] = mpsk_rkey_dev(id);
	call->keys[2] = mpsk_rkey_live(id);
	call->keys[3] = mpsk_rkey_key(id);
	mpsk_session_call_add(call, "4");
	for (int i = 0; i < SESSION_KEYS; i++) mpsk_session_call_add(call, call->keys[i].text);
	mpsk_session_call_add(call, op);
	mpsk_session_call_add(call, field);
	mpsk_session_call_add_number(call, (uint64_t) now);
	mpsk_session_call_add_number(call, (uint64_t) terms->session_stale);
	mpsk_session_call_add_number(call, (uint64_t) terms->concurrent_grace);
}

/* The order is that of NAMES in session.lua. */
static void call_add_members(mpsk_session_call_t *call, mpsk_session_t const *session)
{
	(void) mpsk_octets_print(call->site, session->site, strlen(session->site));
	(void) mpsk_octets_print(call->role, session->role, strlen(session->role));
	(void) mpsk_octets_print(call->name, session->name.octets, session->name.len);
	mpsk_session_call_add(call, mpsk_mac_print(call->mac, &session->mac));
	mpsk_session_call_add(call, session->has_bssid ? mpsk_mac_print(call->bssid, &session->bssid) : "");
	mpsk_session_call_add(call, mpsk_ssid_print(call->ssid, &session->ssid));
	mpsk_session_call_add(call, call->site);
	mpsk_session_call_add(call, session->address);
	mpsk_session_call_add(call, call->name);
	call_add_told(call, session->vlan);
	mpsk_session_call_add(call, call->role);
	mpsk_session_call_add(call, session->print);
	call_add_told(call, (uint64_t) session->since);
	mpsk_session_call_add_number(call, (uint64_t) session->seen);
	call_add_told(call, (uint64_t) session->ended);
	mpsk_session_call_add(call, session->cause);
	call_add_told(call, session->in);
	call_add_told(call, session->out);
}

void mpsk_session_call_event(mpsk_session_call_t *call, mpsk_session_event_t const *event, int64_t at)
{
	mpsk_session_call_add(call, event->started ? "1" : "0");
	mpsk_session_call_add_number(call, (uint64_t) event->first);
	mpsk_session_call_add(call, event->another ? "1" : "0");
	mpsk_session_call_add_number(call, (uint64_t) at);
	call_add_members(call, &event->session);
}

mpsk_piped_t mpsk_session_call_piped(mpsk_session_call_t *call, mpsk_script_t const *script)
{
	return (mpsk_piped_t) {
		.rkey = call->keys[0].text, .script = script, .argc = call->argc, .argv = call->argv,
		.argvlen = call->argvlen,
	};
}
