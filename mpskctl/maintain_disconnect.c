/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that are on and may not be any more, whatever took it from them:
 * time, a hand in Redis, or a verb that an access point did not answer. And
 * those that are to be disconnected once more.
 */
#include <inttypes.h>

#include "disconnect.h"
#include "maintain.h"
#include "store/tries.h"
#include "when.h"

#define EARLY_S	30	/* runs do not come to the second */

/* What was tried before. */
typedef struct {
	ctl_maintain_t	*maintain;
	mpsk_tries_t	*tries;
	size_t		n;
} before_t;

static mpsk_tries_t const *before_of(before_t const *before, mpsk_session_t const *session)
{
	char field[MPSK_SESSION_FIELD_MAX];

	(void) mpsk_session_field(field, session->nas, &session->sid);
	return mpsk_tries_find(before->tries, before->n, field);
}

/* A NAS that refused, or was silent, is not asked about the same session each minute. */
static void pausing_drop(before_t const *before, ctl_disconnect_t *disconnect)
{
	size_t n = 0;

	for (size_t i = 0; i < disconnect->n; i++) {
		ctl_disconnected_t const *of = &disconnect->list[i];
		mpsk_tries_t const *tries = before_of(before, &of->session);

		if (!tries || tries->next - EARLY_S <= before->maintain->now) disconnect->list[n++] = *of;
	}
	disconnect->n = n;
}

static mpsk_status_t tries_note(before_t const *before, ctl_disconnected_t *of, mpsk_error_t *err)
{
	mpsk_tries_t const *last = before_of(before, &of->session);
	mpsk_tries_t tries = { .tries = last ? last->tries : 0 };
	bool failed = of->off == CTL_OFF_REFUSED || of->off == CTL_OFF_SILENT;
	char pause[CTL_WHEN_TEXT_MAX];
	mpsk_error_t const why = of->why;

	if ((!failed && !last) || !of->session.sid.len) return MPSK_OK;
	tries.tries = failed ? tries.tries + 1 : 0;
	tries.next = before->maintain->now + mpsk_tries_pause(tries.tries);
	(void) mpsk_session_field(tries.field, of->session.nas, &of->session.sid);
	if (failed)
		(void) mpsk_error_set(&of->why, MPSK_OK, "%s; asked %" PRId64 " time%s, again in %s", why.text,
				      tries.tries, tries.tries == 1 ? "" : "s",
				      ctl_when_print_duration(pause, mpsk_tries_pause(tries.tries)));
	return mpsk_tries_put(before->maintain->ctl->store, &tries, err);
}

static ctl_exit_t all_note(before_t const *before, ctl_disconnect_t *disconnect)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < disconnect->n && status == MPSK_OK; i++)
		status = tries_note(before, &disconnect->list[i], &err);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "mpsk:tries: %s", err.text);
}

static void tell(ctl_maintain_t *maintain, ctl_disconnected_t const *of)
{
	char mac[MPSK_MAC_TEXT_MAX];
	ctl_maintain_done_t done = {
		.id = of->session.id[0] ? of->session.id : NULL, .what = mpsk_mac_print(mac, &of->session.mac),
		.result = of->nas ? ctl_off_name(of->off) : "would disconnect",
	};

	/* Many a network has none: what cannot be asked is no news each minute. */
	if (of->nas && of->off == CTL_OFF_UNASKED && of->nas->state == CTL_NAS_NO_SECRET) return;
	if (of->nas && !ctl_off_is_off(of->off)) {
		done.reason = of->why.text;
		done.code = CTL_REMAINS;
	}
	ctl_maintain_done(maintain, &done);
}

void maintain_disconnect(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	ctl_disconnect_options_t const options = { .ctl = maintain->ctl };
	before_t before = { .maintain = maintain };
	ctl_disconnect_t *disconnect;
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_tries_read(maintain->ctl->store, maintain->ctl->mem, &before.tries, &before.n,
					       &err);
	ctl_exit_t code = ctl_disconnect_begin(&disconnect, &options), noted;

	(void) keys;
	(void) n;
	if (code == CTL_OK && status != MPSK_OK) code = ctl_fail(ctl_exit_of(status), "mpsk:tries: %s", err.text);
	if (code == CTL_OK) code = ctl_disconnect_all(disconnect, maintain->now, maintain->dry_run);
	pausing_drop(&before, disconnect);
	if (code == CTL_OK && !maintain->dry_run) {
		code = ctl_disconnect_send(disconnect);
		noted = code == CTL_OK || code == CTL_REMAINS ? all_note(&before, disconnect) : CTL_OK;
		if (noted != CTL_OK) code = noted;
	}
	if (code > maintain->worst) maintain->worst = code;
	if (code == CTL_FAILED) maintain->away = true;
	for (size_t i = 0; i < disconnect->n; i++) tell(maintain, &disconnect->list[i]);
}
