/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/report.h"

#include <string.h>

#include <jansson.h>

#include "base/hex.h"
#include "base/secret.h"
#include "radmpsk/escape.h"
#include "wpa/akm.h"

/* Octets as a JSON string: escaped, for they need not be UTF-8. NULL is null. */
static json_t *octets_json(uint8_t const *octets, size_t len)
{
	char escaped[ESCAPE_MAX(RADIUS_VALUE_MAX)];
	json_t *json = json_string(escape_print(escaped, octets, len));

	mpsk_secret_wipe(escaped, sizeof(escaped));
	return json;
}

static json_t *text_json(answer_text_t const *text)
{
	return text->present ? octets_json(text->octets, text->len) : json_null();
}

static json_t *request_json(report_subject_t const *subject)
{
	request_t const *request = subject->request;
	char mac[MPSK_MAC_TEXT_MAX], bssid[MPSK_MAC_TEXT_MAX], suite[WPA_SUITE_TEXT_MAX] = "";
	char ssid[MPSK_SSID_TEXT_MAX], ssid_hex[2 * MPSK_SSID_MAX + 1];
	wpa_suite_t akm = request->suite ? request->suite : request->bound_suite;

	mpsk_hex_encode(ssid_hex, request->ssid.octets, request->ssid.len);
	return json_pack("{s:s, s:s, s:s?, s:s, s:s, s:s, s:o, s:s, s:s?}",
			 "server", subject->server,
			 "dialect", request->dialect ? request->dialect->name : dialects[0].name,
			 "mac", subject->random_macs ? NULL : mpsk_mac_print(mac, &request->mac),
			 "bssid", mpsk_mac_print(bssid, &request->bssid),
			 "ssid", mpsk_ssid_print(ssid, &request->ssid),
			 "ssid_hex", ssid_hex,
			 "nas_id", octets_json((uint8_t const *) request->nas_id, strlen(request->nas_id)),
			 "shape", request->suite ? "unbound" : "bound",
			 "akm", akm ? wpa_suite_print(suite, akm) : NULL);
}

static json_t *answer_json(report_subject_t const *subject, answer_t const *answer, int64_t took_us)
{
	bool show = subject->show_psk && answer->psk.len;

	if (answer->verdict == ANSWER_NONE) return json_null();
	return json_pack("{s:i, s:s?, s:f, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:o}",
			 "code", (int) answer->code,
			 "name", radius_code_name(answer->code),
			 "ms", (double) took_us / 1000,
			 "message_authenticator", (int) answer->signed_reply,
			 "user_name", text_json(&answer->user_name),
			 "cui", text_json(&answer->cui),
			 "vlan", answer->vlan ? json_integer(answer->vlan) : json_null(),
			 "filter_id", text_json(&answer->filter_id),
			 "session_timeout", answer->has_session_timeout ? json_integer(answer->session_timeout)
									: json_null(),
			 "reply_message", text_json(&answer->reply_message),
			 "tunnel_passwords", (int) answer->passwords,
			 "usable", (int) answer->usable,
			 "tried", (int) answer->tries,
			 "psk", show ? octets_json(answer->psk.octets, answer->psk.len) : json_null());
}

/* Print and free; NULL, that is no memory, is an error. */
static mpsk_status_t json_print(FILE *out, json_t *json)
{
	size_t const style = JSON_INDENT(2) | JSON_REAL_PRECISION(6);
	bool done = json && json_dumpf(json, out, style) == 0 && fputc('\n', out) != EOF && fflush(out) == 0;

	json_decref(json);
	return done ? MPSK_OK : MPSK_ERR;
}

mpsk_status_t report_answer_json(FILE *out, report_subject_t const *subject, answer_t const *answer, int64_t took_us)
{
	return json_print(out, json_pack("{s:o, s:o, s:s, s:s, s:i}",
					 "request", request_json(subject),
					 "answer", answer_json(subject, answer, took_us),
					 "verdict", answer_verdict_name(answer->verdict),
					 "why", answer->why.text,
					 "exit", (int) answer->verdict));
}

mpsk_status_t report_load_json(FILE *out, report_subject_t const *subject, load_result_t const *result)
{
	double answered = (double) result->right + result->rejected + result->wrong;
	double seconds = (double) result->spent_us / 1e6;

	return json_print(out, json_pack("{s:o, s:f, s:f, s:{s:f, s:f, s:f}, s:I, s:I, s:I, s:I, s:s?}",
					 "request", request_json(subject),
					 "seconds", seconds,
					 "requests_per_second", seconds > 0 ? answered / seconds : 0,
					 "latency_ms",
					 "p50", result->p50_us / 1e3,
					 "p99", result->p99_us / 1e3,
					 "max", result->max_us / 1e3,
					 "accepted", (json_int_t) result->right,
					 "rejected", (json_int_t) result->rejected,
					 "wrong", (json_int_t) result->wrong,
					 "lost", (json_int_t) result->lost,
					 "first_wrong", result->wrong ? result->first_wrong.text : NULL));
}
