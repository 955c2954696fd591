/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"

static void nothing_is_decided_before_a_load(void **state)
{
	fixture_t *f = *state;

	f->policy.index = mpsk_index_create(f);
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_refused(ask_psk(f, PSK), NOT_READY, "");
	assert_refused(ask_mac(f), NOT_READY, "");
	assert_int_equal(f->claims + f->hints, 0);
	mpsk_index_commit(f->policy.index);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

static void decide(fixture_t *f, mpsk_reason_t reason, char const *detail)
{
	mpsk_policy_decide(&f->policy, &f->query, &f->outcome);
	assert_string_equal(mpsk_reason(f->outcome.reason)->name, mpsk_reason(reason)->name);
	assert_detail(&f->outcome, detail);
	assert_int_equal(f->outcome.psk.len, 0);
}

static void what_is_no_handshake_is_named(void **state)
{
	fixture_t *f = *state;
	mpsk_query_t whole;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	f->claims = 0;
	whole = f->query;
	f->query.anonce = NULL;
	decide(f, MPSK_REASON_BAD_FRAME, "ANonce");
	f->query = whole;
	f->query.anonce_len = 0;
	decide(f, MPSK_REASON_BAD_FRAME, "ANonce");
	f->query.anonce_len = 31;
	decide(f, MPSK_REASON_BAD_FRAME, "ANonce");
	f->query = whole;
	f->query.frame = NULL;
	decide(f, MPSK_REASON_BAD_FRAME, "EAPOL-Key");
	f->query = whole;
	for (f->query.frame_len = 0; f->query.frame_len < M2_LEN; f->query.frame_len++)
		decide(f, MPSK_REASON_BAD_FRAME, "");
	f->query = whole;
	/* The AKM of the RSNE: 00-0F-AC:8, which is SAE, and whose descriptor version is 0. */
	f->frame[99 + 19] = 8;
	f->frame[6] = 0x08;
	decide(f, MPSK_REASON_UNSUPPORTED_AKM, "00-0F-AC:8 is SAE");
	assert_int_equal(f->claims, 0);
}

/* Put the MIC that PSK makes into the frame of the query. */
static void sign(fixture_t *f, uint8_t *frame, size_t len)
{
	wpa_relayed_t const relayed = {
		.aa = f->query.bssid, .spa = f->query.mac, .ssid = f->query.ssid, .anonce = f->anonce,
		.anonce_len = sizeof(f->anonce), .frame = frame, .frame_len = len,
	};
	uint8_t mic[WPA_MIC_MAX];
	wpa_handshake_t hs;
	wpa_psk_t psk;
	wpa_pmk_t pmk;

	assert_int_equal(wpa_psk_set(&psk, PSK, strlen(PSK), NULL), MPSK_OK);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &f->query.ssid), MPSK_OK);
	assert_int_equal(wpa_handshake_set(&hs, &relayed, NULL), MPSK_OK);
	assert_int_equal(wpa_handshake_mic(mic, &hs, &pmk, 0), MPSK_OK);
	memcpy(frame + M2_MIC_AT, mic, hs.akm->mic_len);
}

/* Its MLD address stands in message 2. Whether the access point's is the BSSID, nobody says. */
static void a_multi_link_device_has_a_reason_of_its_own(void **state)
{
	static uint8_t const kde[] = { 0xdd, 10, 0x00, 0x0f, 0xac, 3, 0x00, 0x00, 0x5e, 0x00, 0x53, 0x99 };
	fixture_t *f = *state;
	uint8_t frame[M2_LEN + sizeof(kde)];

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	(void) ask_psk(f, PSK);
	f->claims = 0;
	memcpy(frame, f->frame, M2_LEN);
	memcpy(frame + M2_LEN, kde, sizeof(kde));
	frame[3] = (uint8_t) (frame[3] + sizeof(kde));
	frame[98] = (uint8_t) (frame[98] + sizeof(kde));
	f->query.frame = frame;
	f->query.frame_len = sizeof(frame);
	decide(f, MPSK_REASON_MLD_UNKNOWN, "");
	assert_int_equal(f->claims, 0);

	sign(f, frame, sizeof(frame));
	mpsk_policy_decide(&f->policy, &f->query, &f->outcome);
	assert_accepted(&f->outcome, MATCHED, "a", PSK);
}

static void a_flipped_bit_matches_nothing(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	f->claims = 0;
	for (size_t bit = 0; bit < 8 * M2_LEN; bit++) {
		f->frame[bit / 8] ^= (uint8_t) (1 << bit % 8);
		mpsk_policy_decide(&f->policy, &f->query, &f->outcome);
		assert_false(mpsk_reason(f->outcome.reason)->accept);
		assert_int_equal(f->outcome.psk.len, 0);
		f->frame[bit / 8] ^= (uint8_t) (1 << bit % 8);
	}
	assert_int_equal(f->claims, 0);
}

static void outcomes_are_wiped(void **state)
{
	fixture_t *f = *state;
	mpsk_outcome_t zero;

	memset(&zero, 0, sizeof(zero));
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	mpsk_outcome_wipe(&f->outcome);
	assert_memory_equal(&f->outcome, &zero, sizeof(zero));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		policy_test(nothing_is_decided_before_a_load),
		policy_test(what_is_no_handshake_is_named),
		policy_test(a_multi_link_device_has_a_reason_of_its_own),
		policy_test(a_flipped_bit_matches_nothing),
		policy_test(outcomes_are_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
