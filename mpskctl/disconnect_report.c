/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of disconnected sessions: in the store, for people, as JSON;
 * and the options of the verbs that disconnect.
 */
#include <stdio.h>
#include <string.h>

#include "disconnect.h"
#include "store/session_write.h"

/*
 * --- Options ---
 */
enum {
	OPT_NO_DISCONNECT = 0x400,
	OPT_WAIT
};

static struct argp_option const options[] = {
	{ .name = "no-disconnect", .key = OPT_NO_DISCONNECT,
	  .doc = "Leave devices on the network that the change keeps out from now on" },
	{ .name = "wait", .key = OPT_WAIT,
	  .doc = "Wait until access points have forgotten their answers (30 s), and disconnect devices once more; "
		 "without it, `mpskctl maintain` does" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	ctl_disconnect_options_t *to = state->input;

	switch (key) {
	case OPT_NO_DISCONNECT:
		to->none = true;
		return 0;

	case OPT_WAIT:
		to->wait = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		if (to->none && to->wait) ctl_stop(state, CTL_USAGE, "either --wait or --no-disconnect");
		return 0;

	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct argp const ctl_disconnect_argp = { .options = options, .parser = parse_opt };

/*
 * --- The store ---
 */
static void event_set(mpsk_session_event_t *event, mpsk_session_t const *session, int64_t now)
{
	*event = (mpsk_session_event_t) { .session = { .mac = session->mac, .sid = session->sid, .seen = now,
						       .ended = now } };
	strcpy(event->session.id, session->id);
	strcpy(event->session.nas, session->nas);
	strcpy(event->session.cause, MPSK_SESSION_CAUSE_DISCONNECT);
}

static mpsk_status_t batch_write(mpsk_session_writer_t *writer, mpsk_session_event_t *events, size_t n, int64_t now,
				 mpsk_error_t *err)
{
	mpsk_session_event_t *row[MPSK_SESSION_BATCH];
	mpsk_status_t results[MPSK_SESSION_BATCH];

	for (size_t i = 0; i < n; i++) row[i] = &events[i];
	return n ? mpsk_session_write(writer, row, results, n, now, err) : MPSK_OK;
}

ctl_exit_t ctl_disconnect_record(ctl_t *ctl, ctl_disconnected_t const *list, size_t n, int64_t now)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_session_writer_t *writer = ctl_need(mpsk_session_writer_create(ctx, ctl->store,
									    &mpsk_session_terms, NULL, NULL));
	mpsk_session_event_t *events = ctl_need(talloc_array(ctx, mpsk_session_event_t, MPSK_SESSION_BATCH));
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;
	size_t filled = 0;

	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		/* Of a deleted key nothing is kept; and without a sid it is not known which session ended. */
		if (!ctl_off_is_off(list[i].off) || !list[i].session.sid.len || !list[i].session.id[0] ||
		    list[i].standing == MPSK_STANDING_GONE) continue;
		event_set(&events[filled++], &list[i].session, now);
		if (filled < MPSK_SESSION_BATCH) continue;
		status = batch_write(writer, events, filled, now, &err);
		filled = 0;
	}
	if (status == MPSK_OK) status = batch_write(writer, events, filled, now, &err);
	talloc_free(ctx);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "sessions: %s", err.text);
}

/*
 * --- For people ---
 */
char const *ctl_off_name(ctl_off_t off)
{
	static char const *const names[] = {
		[CTL_OFF_ACK] = "disconnected", [CTL_OFF_ABSENT] = "absent", [CTL_OFF_REFUSED] = "refused",
		[CTL_OFF_SILENT] = "silent", [CTL_OFF_UNASKED] = "not asked",
	};

	return names[off];
}

static void say_off(ctl_disconnected_t const *of)
{
	char mac[MPSK_MAC_TEXT_MAX];
	mpsk_session_t const *session = &of->session;

	printf("%s device %s%s%s at %s", of->off == CTL_OFF_ACK ? "disconnected" : "no session of",
	       mpsk_mac_print(mac, &session->mac), session->id[0] ? " of key " : "", session->id, session->nas);
	if (of->standing != MPSK_STANDING_STAYS && session->sid.len) printf(": %s", mpsk_standing_text(of->standing));
	putchar('\n');
}

static void say_on(ctl_disconnected_t *of)
{
	char mac[MPSK_MAC_TEXT_MAX];

	if (of->off == CTL_OFF_UNASKED) {
		if (of->nas->told) return;
		of->nas->told = true;
		ctl_fail(CTL_OK, "warning: %s", of->nas->why.text);
		return;
	}
	ctl_fail(CTL_REMAINS, "device %s%s%s may still be on the network at %s: %s",
		 mpsk_mac_print(mac, &of->session.mac), of->session.id[0] ? " of key " : "", of->session.id,
		 of->session.nas, of->why.text);
}

void ctl_disconnect_say(ctl_disconnect_t *disconnect)
{
	bool speaks = disconnect && disconnect->ctl->format == CTL_TEXT && !disconnect->ctl->quiet;

	for (size_t i = disconnect ? disconnect->n_said : 0; disconnect && i < disconnect->n_sent; i++) {
		ctl_disconnected_t *of = &disconnect->list[i];

		if (!ctl_off_is_off(of->off)) {
			say_on(of);
		} else if (speaks) {
			say_off(of);
		}
	}
	if (disconnect) disconnect->n_said = disconnect->n_sent;
}

/*
 * --- As JSON ---
 */
static void set(json_t *object, char const *name, json_t *value)
{
	if (json_object_set_new(object, name, ctl_need(value)) < 0) ctl_need(NULL);
}

json_t *ctl_disconnected_json(ctl_disconnected_t const *of)
{
	json_t *object = ctl_need(json_object());
	char mac[MPSK_MAC_TEXT_MAX], sid[MPSK_OCTETS_TEXT_MAX];

	mpsk_octets_print(sid, of->session.sid.octets, of->session.sid.len);
	set(object, "mac", json_string(mpsk_mac_print(mac, &of->session.mac)));
	set(object, "nas", json_string(of->session.nas));
	set(object, "session", of->session.sid.len ? json_string(sid) : json_null());
	set(object, "standing", json_string(mpsk_standing_name(of->standing)));
	set(object, "result", json_string(ctl_off_name(of->off)));
	set(object, "reason", of->why.text[0] && !ctl_off_is_off(of->off) ? json_string(of->why.text) : json_null());
	return object;
}

json_t *ctl_disconnect_json(ctl_disconnect_t const *disconnect, char const *id, char const *mac)
{
	json_t *array = ctl_need(json_array());

	for (size_t i = 0; disconnect && i < disconnect->n_sent; i++) {
		ctl_disconnected_t const *of = &disconnect->list[i];
		char text[MPSK_MAC_TEXT_MAX];

		if (strcmp(of->session.id, id) != 0) continue;
		if (mac && strcmp(mpsk_mac_print(text, &of->session.mac), mac) != 0) continue;
		if (json_array_append_new(array, ctl_disconnected_json(of)) < 0) ctl_need(NULL);
	}
	return array;
}
