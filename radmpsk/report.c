/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/report.h"

#include <inttypes.h>

#include "base/secret.h"
#include "radmpsk/escape.h"
#include "wpa/akm.h"

#define LABEL "%-17s"

static void request_print(FILE *out, report_subject_t const *subject)
{
	request_t const *request = subject->request;
	char mac[MPSK_MAC_TEXT_MAX], bssid[MPSK_MAC_TEXT_MAX], ssid[MPSK_SSID_TEXT_MAX], suite[WPA_SUITE_TEXT_MAX];

	fprintf(out, LABEL "%s, as NAS %s, a %s\n", "asked", subject->server, request->nas_id,
		request->dialect ? request->dialect->name : dialects[0].name);
	fprintf(out, LABEL "MAC %s", "station",
		subject->random_macs ? "at random" : mpsk_mac_print(mac, &request->mac));
	if (subject->stations > 1) fprintf(out, " and the next %" PRIu32, subject->stations - 1);
	fprintf(out, ", SSID \"%s\", BSSID %s\n", mpsk_ssid_print(ssid, &request->ssid),
		mpsk_mac_print(bssid, &request->bssid));
	if (request->suite) {
		fprintf(out, LABEL "unbound: the handshake is relayed, AKM %s\n", "shape",
			wpa_suite_print(suite, request->suite));
	} else {
		fprintf(out, LABEL "bound: the MAC alone", "shape");
		if (request->bound_suite) fprintf(out, ", AKM %s", wpa_suite_print(suite, request->bound_suite));
		fputc('\n', out);
	}
}

static void value_print(FILE *out, char const *label, answer_text_t const *text)
{
	char escaped[ESCAPE_MAX(RADIUS_VALUE_MAX)];

	if (text->present) fprintf(out, LABEL "%s\n", label, escape_print(escaped, text->octets, text->len));
}

static void psk_print(FILE *out, wpa_psk_t const *psk)
{
	char escaped[ESCAPE_MAX(WPA_PSK_MAX)];

	fprintf(out, LABEL "%s\n", "PSK", escape_print(escaped, psk->octets, psk->len));
	mpsk_secret_wipe(escaped, sizeof(escaped));
}

static void key_print(FILE *out, report_subject_t const *subject, answer_t const *answer)
{
	fprintf(out, LABEL "%u attribute%s, %u usable, %u tried\n", "keys", answer->passwords,
		answer->passwords == 1 ? "" : "s", answer->usable, answer->tries);
	if (!answer->psk.len) return;
	if (subject->show_psk) psk_print(out, &answer->psk);
	else fprintf(out, LABEL "not shown: see --show-psk\n", "PSK");
}

static void facts_print(FILE *out, report_subject_t const *subject, answer_t const *answer)
{
	value_print(out, "key name", &answer->user_name);
	value_print(out, "CUI", &answer->cui);
	if (answer->vlan) fprintf(out, LABEL "%u\n", "VLAN", answer->vlan);
	if (answer->vlan_incomplete) {
		fprintf(out, LABEL "none: hostapd wants Tunnel-Type VLAN, Tunnel-Medium-Type IEEE-802 and a number "
			"from 1 to 4094\n", "VLAN");
	}
	value_print(out, "role (Filter-Id)", &answer->filter_id);
	if (answer->has_session_timeout) {
		fprintf(out, LABEL "%" PRIu32 " s\n", "Session-Timeout", answer->session_timeout);
	}
	value_print(out, "Reply-Message", &answer->reply_message);
	if (answer->code == RADIUS_ACCESS_ACCEPT) key_print(out, subject, answer);
}

mpsk_status_t report_answer_text(FILE *out, report_subject_t const *subject, answer_t const *answer, int64_t took_us)
{
	char const *name = radius_code_name(answer->code);

	request_print(out, subject);
	if (answer->verdict == ANSWER_NONE) {
		fprintf(out, LABEL "none\n", "answer");
	} else if (name) {
		fprintf(out, LABEL "%s after %.1f ms\n", "answer", name, (double) took_us / 1000);
	} else {
		fprintf(out, LABEL "no RADIUS answer (code %u) after %.1f ms\n", "answer", answer->code,
			(double) took_us / 1000);
	}
	facts_print(out, subject, answer);
	fprintf(out, LABEL "%s: %s\n", "verdict", answer_verdict_name(answer->verdict), answer->why.text);
	return fflush(out) == 0 && !ferror(out) ? MPSK_OK : MPSK_ERR;
}

mpsk_status_t report_load_text(FILE *out, report_subject_t const *subject, load_result_t const *result)
{
	uint32_t answered = result->right + result->rejected + result->wrong;
	double seconds = (double) result->spent_us / 1e6;

	request_print(out, subject);
	fprintf(out, LABEL "%" PRIu32 " in %.3f s: %.0f requests/s\n", "answered", answered, seconds,
		seconds > 0 ? answered / seconds : 0);
	fprintf(out, LABEL "p50 %.3f ms, p99 %.3f ms, max %.3f ms\n", "time", result->p50_us / 1e3,
		result->p99_us / 1e3, result->max_us / 1e3);
	fprintf(out, LABEL "accepted %" PRIu32 ", rejected %" PRIu32 ", wrong %" PRIu32 ", lost %" PRIu32 "\n",
		"verdicts", result->right, result->rejected, result->wrong, result->lost);
	if (result->wrong) fprintf(out, LABEL "%s\n", "first wrong", result->first_wrong.text);
	return fflush(out) == 0 && !ferror(out) ? MPSK_OK : MPSK_ERR;
}
