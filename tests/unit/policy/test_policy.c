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
	decide(f, MPSK_REASON_UNSUPPORTED_AKM, "00-0F-AC:8");
	assert_int_equal(f->claims, 0);
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
		policy_test(a_flipped_bit_matches_nothing),
		policy_test(outcomes_are_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
