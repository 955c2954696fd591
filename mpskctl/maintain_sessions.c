/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions that nothing was heard of for --session-stale seconds count as
 * ended; those that ended a day ago are forgotten.
 */
#include "maintain.h"
#include "store/session_reap.h"

static void session_reap(ctl_maintain_t *maintain, mpsk_session_t const *session)
{
	mpsk_session_terms_t const terms = {
		.session_stale = maintain->session_stale, .concurrent_grace = mpsk_session_terms.concurrent_grace
	};
	mpsk_reap_t wants = mpsk_session_reap_wants(session, maintain->now, terms.session_stale, MPSK_SESSION_KEEP_S);
	mpsk_reap_t did = wants;
	char field[MPSK_SESSION_FIELD_MAX];
	ctl_maintain_done_t done = { .id = session->id, .what = field };
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	if (wants == MPSK_REAP_KEEP) return;
	(void) mpsk_session_field(field, session->nas, &session->sid);
	if (!maintain->dry_run) {
		status = mpsk_session_reap(maintain->ctl->store, session, maintain->now, &terms, MPSK_SESSION_KEEP_S,
					   &did, &err);
	}
	/* It was heard of meanwhile; or it is old, of which nobody need be told. */
	if (status == MPSK_OK && did != MPSK_REAP_END) return;
	done.result = ctl_maintain_say(maintain, "ended", "would end");
	ctl_maintain_settle(maintain, &done, status, &err);
}

static mpsk_status_t sessions_look(void *uctx, char const *id, mpsk_session_t const *sessions, size_t n,
				   mpsk_error_t const *why)
{
	ctl_maintain_t *maintain = uctx;

	(void) id, (void) why;
	for (size_t i = 0; i < n && !ctl_maintain_ends(maintain); i++) session_reap(maintain, &sessions[i]);
	return ctl_maintain_ends(maintain) ? MPSK_MISS : MPSK_OK;
}

void maintain_sessions(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n)
{
	mpsk_error_t err = { "" };
	ctl_maintain_done_t done = { .result = "failed", .reason = err.text };
	mpsk_status_t status = mpsk_store_sessions_each(maintain->ctl->store, sessions_look, maintain, &err);

	(void) keys, (void) n;
	if (status == MPSK_OK || status == MPSK_MISS) return;
	maintain->away = status == MPSK_AGAIN;
	done.code = ctl_exit_of(status);
	ctl_maintain_done(maintain, &done);
}
