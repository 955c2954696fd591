/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of a session. The input: lines; the first is the field's name, each
 * other one a record. What two of them tell of one session is put together in
 * both orders.
 */
#include "key/session.h"
#include "store/session.h"
#include "tests/fuzz/fuzz.h"

#define RECORDS_MAX	4
#define TIME_MAX	999999999999

static uint8_t *line_take(fuzz_input_t *in, size_t *len)
{
	uint8_t const *end = in->left ? memchr(in->p, '\n', in->left) : NULL;
	uint8_t *line = fuzz_take(in, end ? (size_t) (end - in->p) : in->left, len);

	fuzz_octet(in);
	return line;
}

/* A text that the record held: it fits, and what follows it is nobody else's. */
static void check_text(char const *text, size_t size)
{
	FUZZ_CHECK(memchr(text, '\0', size));
}

static void check_octets(mpsk_octets_t const *octets)
{
	for (size_t i = octets->len; i < MPSK_OCTETS_MAX; i++) FUZZ_CHECK(octets->octets[i] == 0);
}

static void check_time(int64_t at)
{
	FUZZ_CHECK(at >= 0 && at <= TIME_MAX);
}

/* The field's name that it is written under leads to the same session. */
static void check_field(mpsk_session_t const *session)
{
	static char const record[] = "{\"mac\":\"00-00-5e-00-53-01\"}";
	char field[MPSK_SESSION_FIELD_MAX];
	size_t len = mpsk_session_field(field, session->nas, &session->sid);
	mpsk_session_t again;

	FUZZ_CHECK(len < sizeof(field) && strlen(field) == len);
	FUZZ_CHECK(mpsk_session_parse(&again, "bob", field, len, record, sizeof(record) - 1, NULL) == MPSK_OK);
	FUZZ_CHECK(strcmp(again.nas, session->nas) == 0);
	FUZZ_CHECK(memcmp(&again.sid, &session->sid, sizeof(again.sid)) == 0);
}

static void check_session(mpsk_session_t const *session)
{
	FUZZ_CHECK(strcmp(session->id, "bob") == 0);
	FUZZ_CHECK(session->nas[0] && !strchr(session->nas, '/'));
	check_text(session->nas, sizeof(session->nas));
	check_text(session->site, sizeof(session->site));
	check_text(session->address, sizeof(session->address));
	check_text(session->role, sizeof(session->role));
	check_text(session->print, sizeof(session->print));
	check_text(session->cause, sizeof(session->cause));
	check_octets(&session->sid);
	check_octets(&session->name);
	FUZZ_CHECK(session->ssid.len <= MPSK_SSID_MAX && session->vlan <= 4094);
	check_time(session->since);
	check_time(session->seen);
	check_time(session->ended);
	check_field(session);
	FUZZ_CHECK(!mpsk_session_active(session, TIME_MAX, 60) || session->seen > TIME_MAX - 60);
}

static void check_same(mpsk_session_t const *a, mpsk_session_t const *b)
{
	FUZZ_CHECK(memcmp(&a->mac, &b->mac, sizeof(a->mac)) == 0);
	FUZZ_CHECK(a->has_bssid == b->has_bssid && memcmp(&a->bssid, &b->bssid, sizeof(a->bssid)) == 0);
	FUZZ_CHECK(memcmp(a->ssid.octets, b->ssid.octets, sizeof(a->ssid.octets)) == 0);
	FUZZ_CHECK(memcmp(a->name.octets, b->name.octets, sizeof(a->name.octets)) == 0);
	FUZZ_CHECK(strcmp(a->site, b->site) == 0 && strcmp(a->address, b->address) == 0);
	FUZZ_CHECK(strcmp(a->cause, b->cause) == 0);
	FUZZ_CHECK(a->since == b->since && a->seen == b->seen && a->ended == b->ended);
	FUZZ_CHECK(a->in == b->in && a->out == b->out);
}

/* No event tells the cause of an end that it does not tell. */
static mpsk_session_event_t event_of(mpsk_session_t const *session)
{
	mpsk_session_event_t event = { .session = *session };

	if (!session->ended) memset(event.session.cause, 0, sizeof(event.session.cause));
	return event;
}

/* Two events of one session: the order makes no difference, nor does it that one comes twice. */
static void check_merge(mpsk_session_t const *one, mpsk_session_t const *other)
{
	mpsk_session_event_t a = event_of(one), b = event_of(other), twice;
	mpsk_session_event_t const first = a;

	if (memcmp(&one->mac, &other->mac, sizeof(one->mac)) != 0) return;
	mpsk_session_event_merge(&a, &b);
	mpsk_session_event_merge(&b, &first);
	check_same(&a.session, &b.session);
	twice = a;
	mpsk_session_event_merge(&twice, &first);
	check_same(&twice.session, &a.session);
	FUZZ_CHECK(a.session.in >= one->in && a.session.in >= other->in && a.session.seen >= one->seen);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static mpsk_session_t const empty;
	fuzz_input_t in = { data, size };
	mpsk_session_t sessions[RECORDS_MAX];
	size_t field_len, n = 0;
	uint8_t *field = line_take(&in, &field_len);

	for (int i = 0; i < RECORDS_MAX && (in.left || i == 0); i++) {
		mpsk_error_t err = { "" };
		size_t len;
		uint8_t *record = line_take(&in, &len);
		mpsk_status_t status = mpsk_session_parse(&sessions[n], "bob", (char const *) field, field_len,
							  (char const *) record, len, &err);

		free(record);
		if (status == MPSK_OK) {
			check_session(&sessions[n++]);
		} else {
			FUZZ_CHECK(status == MPSK_BAD && memcmp(&sessions[n], &empty, sizeof(empty)) == 0);
			fuzz_check_error(&err);
		}
	}
	for (size_t i = 1; i < n; i++) check_merge(&sessions[0], &sessions[i]);
	free(field);
	return 0;
}
