/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "radmpsk/answer.h"
#include "reply.h"
#include "vector_rig.h"

#define MUTATIONS 20000

static vector_t const *v;
static radius_secret_t const secret = { .len = sizeof(VECTOR_SECRET) - 1, .octets = VECTOR_SECRET };
static wpa_psk_t psk;
static wpa_handshake_t handshake;
static answer_question_t question;

static int load(void **state)
{
	vectors_setup(state);
	v = vector_find(vectors, "wpa2-ccmp-min");
	wpa_psk_set(&psk, v->passphrase, v->passphrase_len, NULL);
	return vector_handshake(&handshake, v, NULL) != MPSK_OK;
}

static int fresh(void **state)
{
	(void) state;
	question = (answer_question_t) {
		.secret = &secret, .authenticator = v->request + 4, .ssid = v->ssid, .psk = &psk, .pmk = &v->pmk,
		.handshake = &handshake,
	};
	return 0;
}

static answer_t judge(radius_packet_t *packet)
{
	answer_t answer;

	answer_judge(&answer, &question, packet->octets, packet->len);
	assert_true(answer.why.text[0] != '\0');
	return answer;
}

static void test_captured(void **state)
{
	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		answer_question_t asked = question;
		wpa_handshake_t hs;
		wpa_psk_t own;
		answer_t answer;

		if (vector_handshake(&hs, &vectors[i], NULL) != MPSK_OK) continue;
		wpa_psk_set(&own, vectors[i].passphrase, vectors[i].passphrase_len, NULL);
		asked.authenticator = vectors[i].request + 4;
		asked.ssid = vectors[i].ssid;
		asked.psk = &own;
		asked.pmk = &vectors[i].pmk;
		asked.handshake = &hs;
		answer_judge(&answer, &asked, vectors[i].answer, vectors[i].answer_len);
		assert_int_equal(answer.verdict, strcmp(vectors[i].name, "wpa2-wrong") ? ANSWER_RIGHT
										   : ANSWER_REJECTED);
	}
}

/* hostapd tries the last first, and stops at the one that is right. */
static void test_last_comes_first(void **state)
{
	static struct {
		char const	*passwords[4];
		unsigned	usable;
		unsigned	tries;
	} const cases[] = {
		{ { "12345678" }, 1, 1 },
		{ { "another key", "12345678" }, 2, 1 },
		{ { "12345678", "another key" }, 2, 2 },
		{ { "12345678", "short", "another key" }, 2, 2 },
		{ { "d37351a71c057011a841803433e1d5e2a0d5aa6fa5b0d0f530db3097c0ae0ad8" }, 1, 1 },
		{ { "12345678", "zz7351a71c057011a841803433e1d5e2a0d5aa6fa5b0d0f530db3097c0ae0ad8" }, 1, 1 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		radius_packet_t packet;
		unsigned n = 0;
		answer_t answer;

		reply_begin(&packet, 2, v->request);
		for (; cases[i].passwords[n]; n++) {
			reply_tunnel_password_add(&packet, v->request, cases[i].passwords[n],
						  strlen(cases[i].passwords[n]), (uint8_t) n);
		}
		reply_end(&packet, v->request, true);
		answer = judge(&packet);
		assert_int_equal(answer.verdict, ANSWER_RIGHT);
		assert_int_equal(answer.passwords, n);
		assert_int_equal(answer.usable, cases[i].usable);
		assert_int_equal(answer.tries, cases[i].tries);
		assert_true(answer.psk.len == 8 || answer.psk.len == 64);
		assert_true(answer.signed_reply);
	}
}

/* As a station does that came by SAE: there is one try, and it is with a passphrase. */
static void test_sae_takes_one_passphrase(void **state)
{
	static char const pmk[] = "d37351a71c057011a841803433e1d5e2a0d5aa6fa5b0d0f530db3097c0ae0ad8";
	static struct {
		char const		*passwords[4];
		unsigned		usable, tries;
		answer_verdict_t	verdict;
		char const		*why;
	} const cases[] = {
		{ { "12345678" }, 1, 1, ANSWER_RIGHT, "the key is the one expected" },
		{ { "another key", "12345678" }, 2, 1, ANSWER_RIGHT, "the key is the one expected" },
		{ { "12345678", "another key" }, 2, 1, ANSWER_WRONG, "SAE takes the last passphrase" },
		{ { "another key" }, 1, 1, ANSWER_WRONG, "no key of the answer is the one expected" },
		{ { pmk }, 0, 0, ANSWER_WRONG, "a PMK, of which SAE can make nothing" },
		{ { "12345678", pmk }, 1, 1, ANSWER_RIGHT, "the key is the one expected" },
	};

	(void) state;
	question.handshake = NULL;
	question.by_sae = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		radius_packet_t packet;
		answer_t answer;

		reply_begin(&packet, 2, v->request);
		for (unsigned n = 0; cases[i].passwords[n]; n++) {
			reply_tunnel_password_add(&packet, v->request, cases[i].passwords[n],
						  strlen(cases[i].passwords[n]), (uint8_t) n);
		}
		reply_end(&packet, v->request, true);
		answer = judge(&packet);
		assert_int_equal(answer.verdict, cases[i].verdict);
		assert_int_equal(answer.usable, cases[i].usable);
		assert_int_equal(answer.tries, cases[i].tries);
		assert_non_null(strstr(answer.why.text, cases[i].why));
	}
}

static void wrong_key(char const *password, char const *text)
{
	radius_packet_t packet;
	answer_t answer;

	reply_begin(&packet, 2, v->request);
	if (password) reply_tunnel_password_add(&packet, v->request, password, strlen(password), 1);
	reply_end(&packet, v->request, true);
	answer = judge(&packet);
	assert_int_equal(answer.verdict, ANSWER_WRONG);
	assert_int_equal(answer.psk.len, 0);
	if (!strstr(answer.why.text, text)) fail_msg("%s", answer.why.text);
}

static void test_wrong_keys(void **state)
{
	(void) state;
	wrong_key(NULL, "no Tunnel-Password");
	wrong_key("87654321", "no key of the answer made this handshake");
	wrong_key("short", "the PSK has 5 octets");
	wrong_key("", "the PSK has 0 octets");
	question.handshake = NULL;
	wrong_key("87654321", "no key of the answer is the one expected");
}

static void test_bound(void **state)
{
	radius_packet_t packet;
	answer_t answer;

	(void) state;
	question.handshake = NULL;
	reply_begin(&packet, 2, v->request);
	reply_tunnel_password_add(&packet, v->request, "12345678", 8, 1);
	reply_end(&packet, v->request, true);
	answer = judge(&packet);
	assert_int_equal(answer.verdict, ANSWER_RIGHT);
	assert_non_null(strstr(answer.why.text, "the one expected"));
}

static void test_unsigned_is_wrong_whatever_it_says(void **state)
{
	(void) state;
	for (uint8_t code = 2; code <= 3; code++) {
		radius_packet_t packet;
		answer_t answer;

		reply_begin(&packet, code, v->request);
		reply_tunnel_password_add(&packet, v->request, "12345678", 8, 1);
		reply_end(&packet, v->request, false);
		answer = judge(&packet);
		assert_int_equal(answer.verdict, ANSWER_WRONG);
		assert_false(answer.signed_reply);
		assert_non_null(strstr(answer.why.text, "hostapd 2.11 drops"));
	}
}

static void test_other_codes(void **state)
{
	(void) state;
	for (int code = 0; code < 256; code++) {
		radius_packet_t packet;
		answer_t answer;

		reply_begin(&packet, (uint8_t) code, v->request);
		reply_tunnel_password_add(&packet, v->request, "12345678", 8, 1);
		reply_end(&packet, v->request, true);
		answer = judge(&packet);
		assert_int_equal(answer.verdict, code == 2 ? ANSWER_RIGHT : code == 3 ? ANSWER_REJECTED : ANSWER_WRONG);
		assert_int_equal(answer.code, code);
	}
}

/* Whether the attributes, in hex, give this VLAN. */
static void vlan_is(char const *hex, unsigned vlan, bool incomplete)
{
	uint8_t octets[256];
	size_t len = strlen(hex) / 2;
	radius_packet_t packet;
	answer_t answer;

	assert_true(mpsk_hex_decode(octets, len, hex, strlen(hex)));
	reply_begin(&packet, 3, v->request);
	for (size_t at = 0; at < len; at += octets[at + 1]) {
		reply_add(&packet, octets[at], octets + at + 2, octets[at + 1] - 2u);
	}
	reply_end(&packet, v->request, true);
	answer = judge(&packet);
	if (answer.vlan != vlan || answer.vlan_incomplete != incomplete) fail_msg("%s: VLAN %u", hex, answer.vlan);
}

static void test_vlan(void **state)
{
	(void) state;
	vlan_is("", 0, false);
	vlan_is("40060000000d" "410600000006" "51043230", 20, false);
	vlan_is("40060100000d" "410601000006" "5105013230", 20, false);
	vlan_is("5105013230" "410601000006" "40060100000d", 20, false);
	vlan_is("40060000000d" "410600000006" "510634303934", 4094, false);
	vlan_is("40060000000d" "410600000006" "510634303935", 0, true);
	vlan_is("40060000000d" "410600000006" "510330", 0, true);
	vlan_is("40060000000d" "410600000006" "51066c616e31", 0, true);
	vlan_is("40060000000d" "410600000006" "5102", 0, true);
	vlan_is("40060000000d" "410600000006" "510301", 0, true);
	vlan_is("40060000000d" "51043230", 0, true);
	vlan_is("410600000006" "51043230", 0, true);
	vlan_is("40060000000c" "410600000006" "51043230", 0, true);
	vlan_is("40060100000d" "410602000006" "5105013230", 0, true);
	vlan_is("400500000d" "410600000006" "51043230", 0, true);
	vlan_is("40060000000d" "410600000006", 0, false);
}

static void test_facts(void **state)
{
	radius_packet_t packet;
	answer_t answer;

	(void) state;
	reply_begin(&packet, 2, v->request);
	reply_add(&packet, RADIUS_USER_NAME, "flat-12", 7);
	reply_add(&packet, RADIUS_USER_NAME, "second", 6);
	reply_add(&packet, RADIUS_CHARGEABLE_USER_IDENTITY, "", 0);
	reply_add(&packet, RADIUS_FILTER_ID, "guest", 5);
	reply_add(&packet, RADIUS_SESSION_TIMEOUT, "\0\1\2\3", 4);
	reply_end(&packet, v->request, true);
	answer = judge(&packet);
	assert_int_equal(answer.user_name.len, 7);
	assert_memory_equal(answer.user_name.octets, "flat-12", 7);
	assert_true(answer.cui.present);
	assert_int_equal(answer.cui.len, 0);
	assert_memory_equal(answer.filter_id.octets, "guest", 5);
	assert_false(answer.reply_message.present);
	assert_true(answer.has_session_timeout);
	assert_int_equal(answer.session_timeout, 0x00010203);
}

static void test_a_packet_full_of_passwords(void **state)
{
	radius_packet_t packet;
	answer_t answer;
	unsigned n = 1;

	(void) state;
	reply_begin(&packet, 2, v->request);
	reply_tunnel_password_add(&packet, v->request, "12345678", 8, 0);
	for (; packet.len + 21 + 18 <= RADIUS_PACKET_MAX; n++) {
		reply_tunnel_password_add(&packet, v->request, "no key", 6, (uint8_t) n);
	}
	reply_end(&packet, v->request, true);
	answer = judge(&packet);
	assert_int_equal(answer.verdict, ANSWER_RIGHT);
	assert_int_equal(answer.passwords, n);
	assert_int_equal(answer.usable, 1);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Attributes changed at random beneath a right signature: the judge must take them all. */
static void test_random_mutations(void **state)
{
	uint32_t seed = 0x616e7377;
	size_t right = 0;

	(void) state;
	for (unsigned i = 0; i < MUTATIONS; i++) {
		radius_packet_t packet;
		answer_t answer;
		uint8_t *octets;

		reply_begin(&packet, 2, v->request);
		reply_add(&packet, RADIUS_TUNNEL_PRIVATE_GROUP_ID, "20", 2);
		reply_add(&packet, RADIUS_SESSION_TIMEOUT, "\0\0\0\1", 4);
		reply_tunnel_password_add(&packet, v->request, "12345678", 8, 1);
		for (unsigned n = next_random(&seed) % 3; n; n--) {
			packet.octets[20 + next_random(&seed) % (packet.len - 20)] = (uint8_t) next_random(&seed);
		}
		reply_end(&packet, v->request, true);
		octets = malloc(packet.len);
		assert_non_null(octets);
		memcpy(octets, packet.octets, packet.len);
		answer_judge(&answer, &question, octets, packet.len);
		right += answer.verdict == ANSWER_RIGHT;
		assert_true(answer.verdict == ANSWER_RIGHT || answer.verdict == ANSWER_WRONG);
		free(octets);
	}
	assert_true(right > MUTATIONS / 10 && right < MUTATIONS);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup(test_captured, fresh),
		cmocka_unit_test_setup(test_last_comes_first, fresh),
		cmocka_unit_test_setup(test_sae_takes_one_passphrase, fresh),
		cmocka_unit_test_setup(test_wrong_keys, fresh),
		cmocka_unit_test_setup(test_bound, fresh),
		cmocka_unit_test_setup(test_unsigned_is_wrong_whatever_it_says, fresh),
		cmocka_unit_test_setup(test_other_codes, fresh),
		cmocka_unit_test_setup(test_vlan, fresh),
		cmocka_unit_test_setup(test_facts, fresh),
		cmocka_unit_test_setup(test_a_packet_full_of_passwords, fresh),
		cmocka_unit_test_setup(test_random_mutations, fresh),
	};

	return cmocka_run_group_tests_name("radmpsk/answer", tests, load, NULL);
}
