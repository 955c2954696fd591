/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that are on and may not be any more, whatever took it from them:
 * time, a hand in Redis, or a verb that an access point did not answer. And
 * those that are to be disconnected once more.
 */
#include "disconnect.h"
#include "maintain.h"

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
	ctl_disconnect_t *disconnect;
	ctl_exit_t code = ctl_disconnect_begin(&disconnect, &options);

	(void) keys;
	(void) n;
	if (code == CTL_OK) code = ctl_disconnect_all(disconnect, maintain->now, maintain->dry_run);
	if (code == CTL_OK && !maintain->dry_run) code = ctl_disconnect_send(disconnect);
	if (code > maintain->worst) maintain->worst = code;
	if (code == CTL_FAILED) maintain->away = true;
	for (size_t i = 0; i < disconnect->n; i++) tell(maintain, &disconnect->list[i]);
}
