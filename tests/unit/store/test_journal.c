/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "store/journal.h"

#define ROOM	8
#define NOW	1700000000

static mpsk_journal_t *journal;

/* What the store would have been told. */
static struct {
	char			text[512];	/* "id:last octet of the MAC " of each */
	mpsk_claim_code_t	code;
	size_t			answers;	/* claims that are answered; then it is away */
	char			refused[512];
} told;

static int setup(void **state)
{
	(void) state;
	memset(&told, 0, sizeof(told));
	told.answers = SIZE_MAX;
	journal = mpsk_journal_create(NULL, ROOM);
	return journal ? 0 : -1;
}

static int teardown(void **state)
{
	(void) state;
	return talloc_free(journal);
}

static mpsk_claim_t claim_of(char const *id, uint8_t mac, int64_t now)
{
	return (mpsk_claim_t) {
		.id = id, .mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, mac } }, .fingerprint = "f", .now = now,
		.default_max = 3, .default_idle = 4, .clear = "c",
	};
}

static void granted(char const *id, uint8_t mac, int64_t now)
{
	mpsk_claim_t const claim = claim_of(id, mac, now);

	mpsk_journal_granted(journal, &claim);
}

static mpsk_status_t defer(char const *id, uint8_t mac, size_t limit)
{
	mpsk_claim_t const claim = claim_of(id, mac, NOW);

	return mpsk_journal_defer(journal, &claim, limit);
}

static mpsk_journal_state_t find(char const *id, uint8_t mac, int64_t now)
{
	mpsk_claim_t const claim = claim_of(id, mac, now);

	return mpsk_journal_find(journal, id, &claim.mac, now);
}

static void note(char *text, mpsk_claim_t const *claim)
{
	sprintf(text + strlen(text), "%s:%u ", claim->id, claim->mac.octets[5]);
}

static mpsk_status_t store_claim(void *uctx, mpsk_claim_t const *claim, mpsk_claim_result_t *result, mpsk_error_t *err)
{
	(void) err;
	assert_ptr_equal(uctx, &told);
	if (told.answers-- == 0) return MPSK_AGAIN;
	assert_int_equal(claim->op, MPSK_CLAIM_CLAIM);
	assert_string_equal(claim->fingerprint, "f");
	assert_string_equal(claim->clear, "c");
	assert_int_equal(claim->default_max, 3);
	assert_int_equal(claim->default_idle, 4);
	note(told.text, claim);
	*result = (mpsk_claim_result_t) { .code = told.code };
	return MPSK_OK;
}

static void store_refused(void *uctx, mpsk_claim_t const *claim, mpsk_claim_code_t code)
{
	(void) uctx;
	assert_int_equal(code, told.code);
	note(told.refused, claim);
}

static size_t replay(int64_t now, bool lost)
{
	mpsk_journal_replay_t const how = { &told, store_claim, store_refused };

	told.text[0] = told.refused[0] = '\0';
	return mpsk_journal_replay(journal, now, lost, &how);
}

static void test_deferred_claims_are_made_once(void **state)
{
	(void) state;
	assert_int_equal(defer("a", 1, 1), MPSK_OK);
	assert_int_equal(defer("b", 2, 1), MPSK_OK);
	assert_int_equal(find("a", 1, NOW), MPSK_JOURNAL_DEFERRED);
	assert_int_equal(mpsk_journal_deferred(journal, NULL), 2);
	assert_int_equal(replay(NOW + 5, false), 2);
	assert_string_equal(told.text, "a:1 b:2 ");
	assert_int_equal(mpsk_journal_deferred(journal, NULL), 0);
	assert_int_equal(find("a", 1, NOW), MPSK_JOURNAL_GRANTED);
	assert_int_equal(replay(NOW + 6, false), 0);
	/* What was granted then is as good as any: told again after a loss, from then on for two minutes. */
	assert_int_equal(replay(NOW + 5 + MPSK_JOURNAL_KEEP_S, true), 2);
}

static void test_a_key_has_its_limit(void **state)
{
	(void) state;
	assert_int_equal(defer("a", 1, 2), MPSK_OK);
	assert_int_equal(defer("a", 2, 2), MPSK_OK);
	assert_int_equal(defer("a", 3, 2), MPSK_MISS);
	assert_int_equal(defer("a", 2, 2), MPSK_OK);
	assert_int_equal(defer("a", 2, 0), MPSK_OK);
	assert_int_equal(defer("b", 3, 1), MPSK_OK);
	assert_int_equal(defer("c", 3, 0), MPSK_MISS);
	assert_int_equal(mpsk_journal_deferred(journal, "a"), 2);
	assert_int_equal(mpsk_journal_deferred(journal, "b"), 1);
	assert_int_equal(mpsk_journal_deferred(journal, "c"), 0);
}

static void test_granted_claims_are_told_again_after_a_loss(void **state)
{
	(void) state;
	granted("a", 1, NOW - MPSK_JOURNAL_KEEP_S - 1);
	granted("a", 2, NOW - MPSK_JOURNAL_KEEP_S);
	granted("b", 3, NOW);
	assert_int_equal(find("a", 1, NOW), MPSK_JOURNAL_NOTHING);
	assert_int_equal(find("a", 2, NOW), MPSK_JOURNAL_GRANTED);
	assert_int_equal(replay(NOW, false), 0);
	assert_int_equal(replay(NOW, true), 2);
	assert_string_equal(told.text, "a:2 b:3 ");
}

static void test_what_was_taken_away_does_not_come_back(void **state)
{
	mpsk_device_t const devices[] = { { .mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 2 } } } };

	(void) state;
	granted("a", 1, NOW - 5);
	granted("a", 2, NOW - 5);
	granted("a", 3, NOW);
	granted("b", 1, NOW - 5);
	assert_int_equal(defer("a", 4, 1), MPSK_OK);
	/* The third is too young to be missed: the set may be older than its claim. */
	mpsk_journal_keep(journal, "a", devices, 1, NOW - 4);
	mpsk_journal_keep(journal, "nobody", NULL, 0, NOW);
	assert_int_equal(find("a", 1, NOW), MPSK_JOURNAL_NOTHING);
	assert_int_equal(replay(NOW, true), 4);
	assert_string_equal(told.text, "a:2 a:3 b:1 a:4 ");
	mpsk_journal_keep(journal, "a", NULL, 0, NOW + 1);
	assert_int_equal(replay(NOW, true), 1);
}

static void test_a_store_that_goes_again(void **state)
{
	(void) state;
	granted("a", 1, NOW);
	granted("a", 2, NOW);
	assert_int_equal(defer("a", 3, 1), MPSK_OK);
	told.answers = 1;
	assert_int_equal(replay(NOW, true), 1);
	assert_string_equal(told.text, "a:1 ");
	assert_int_equal(mpsk_journal_deferred(journal, NULL), 2);
	told.answers = SIZE_MAX;
	/* Whatever the next store is, what the last one was not told is told. */
	assert_int_equal(replay(NOW + 1, false), 2);
	assert_string_equal(told.text, "a:2 a:3 ");
}

/* What the store granted once, and may have lost, leaves room for one on trust. */
static void test_granted_ones_are_none_on_trust(void **state)
{
	(void) state;
	granted("a", 1, NOW);
	told.answers = 0;
	assert_int_equal(replay(NOW, true), 0);
	assert_int_equal(mpsk_journal_deferred(journal, "a"), 1);
	assert_int_equal(find("a", 1, NOW), MPSK_JOURNAL_GRANTED);
	assert_int_equal(defer("a", 2, 1), MPSK_OK);
	assert_int_equal(defer("a", 3, 1), MPSK_MISS);
	assert_int_equal(find("a", 2, NOW), MPSK_JOURNAL_DEFERRED);
}

static void test_a_refusal_is_told(void **state)
{
	(void) state;
	assert_int_equal(defer("a", 1, 1), MPSK_OK);
	told.code = MPSK_CLAIM_FULL;
	assert_int_equal(replay(NOW, false), 1);
	assert_string_equal(told.refused, "a:1 ");
	assert_int_equal(find("a", 1, NOW), MPSK_JOURNAL_NOTHING);
	assert_int_equal(defer("a", 2, 1), MPSK_OK);
}

static void test_the_oldest_granted_ones_make_way(void **state)
{
	(void) state;
	assert_int_equal(defer("d", 0, 1), MPSK_OK);
	for (uint8_t i = 1; i <= 2 * ROOM; i++) granted("a", i, NOW + i);
	assert_int_equal(find("d", 0, NOW), MPSK_JOURNAL_DEFERRED);
	assert_int_equal(find("a", ROOM + 1, NOW), MPSK_JOURNAL_NOTHING);
	for (uint8_t i = ROOM + 2; i <= 2 * ROOM; i++) assert_int_equal(find("a", i, NOW), MPSK_JOURNAL_GRANTED);
	/* A claim that is granted again is young again. */
	granted("a", ROOM + 2, NOW);
	granted("a", 99, NOW);
	assert_int_equal(find("a", ROOM + 2, NOW), MPSK_JOURNAL_GRANTED);
	assert_int_equal(find("a", ROOM + 3, NOW), MPSK_JOURNAL_NOTHING);
	for (uint8_t i = 1; i < ROOM; i++) assert_int_equal(defer("d", i, ROOM), MPSK_OK);
	assert_int_equal(defer("e", 1, ROOM), MPSK_MISS);
	granted("e", 1, NOW);
	assert_int_equal(find("e", 1, NOW), MPSK_JOURNAL_NOTHING);
	assert_int_equal(replay(NOW, true), ROOM);
}

static void test_granted_while_deferred(void **state)
{
	(void) state;
	assert_int_equal(defer("a", 1, 1), MPSK_OK);
	granted("a", 1, NOW);
	assert_int_equal(mpsk_journal_deferred(journal, "a"), 0);
	assert_int_equal(replay(NOW, false), 0);
}

/* The same PSK under another seal is the same claim; another PSK is none. */
static void test_a_key_that_was_sealed_anew(void **state)
{
	mpsk_key_t key = {
		.psk = { .len = 13, .octets = "correct-horse" }, .fingerprint = "new seal",
		.old_psk = { .len = 13, .octets = "another-horse" }, .old_fingerprint = "old seal",
	};
	mpsk_claim_t claim = claim_of("a", 1, NOW);
	char clear[MPSK_FINGERPRINT_LEN + 1];

	(void) state;
	claim.clear = clear;
	mpsk_key_fingerprint(clear, "correct-horse", 13);
	assert_string_equal(mpsk_journal_fingerprint(&claim, &key), "new seal");
	mpsk_key_fingerprint(clear, "another-horse", 13);
	assert_string_equal(mpsk_journal_fingerprint(&claim, &key), "old seal");
	key.old_psk.len = 0;
	assert_null(mpsk_journal_fingerprint(&claim, &key));
	mpsk_key_fingerprint(clear, "", 0);
	assert_null(mpsk_journal_fingerprint(&claim, &key));
	clear[0] = '\0';
	assert_null(mpsk_journal_fingerprint(&claim, &key));
	claim.clear = NULL;
	assert_null(mpsk_journal_fingerprint(&claim, &key));
}

static void *hammer(void *arg)
{
	char const *id = arg;

	for (unsigned i = 0; i < 20000; i++) {
		mpsk_claim_t const claim = claim_of(id, (uint8_t) (i % 11), NOW);

		switch (i % 5) {
		case 0:
		case 1:
			mpsk_journal_granted(journal, &claim);
			break;
		case 2:
			(void) mpsk_journal_defer(journal, &claim, 2);
			break;
		case 3:
			mpsk_journal_keep(journal, id, NULL, 0, NOW + 1);
			break;
		default:
			(void) mpsk_journal_find(journal, id, &claim.mac, NOW);
		}
	}
	return NULL;
}

static mpsk_status_t any_claim(void *uctx, mpsk_claim_t const *claim, mpsk_claim_result_t *result, mpsk_error_t *err)
{
	(void) uctx;
	(void) err;
	*result = (mpsk_claim_result_t) { .code = claim->mac.octets[5] % 2 ? MPSK_CLAIM_OK : MPSK_CLAIM_FULL };
	return MPSK_OK;
}

static void any_refused(void *uctx, mpsk_claim_t const *claim, mpsk_claim_code_t code)
{
	(void) uctx;
	(void) claim;
	(void) code;
}

static void test_threads(void **state)
{
	mpsk_journal_replay_t const how = { NULL, any_claim, any_refused };
	static char ids[][2] = { "a", "b", "c" };
	pthread_t threads[3];

	(void) state;
	for (size_t i = 0; i < 3; i++) assert_int_equal(pthread_create(&threads[i], NULL, hammer, ids[i]), 0);
	for (unsigned i = 0; i < 200; i++) (void) mpsk_journal_replay(journal, NOW, i % 2, &how);
	for (size_t i = 0; i < 3; i++) pthread_join(threads[i], NULL);
	(void) mpsk_journal_replay(journal, NOW, true, &how);
	assert_int_equal(mpsk_journal_deferred(journal, NULL), 0);
	for (size_t i = 0; i < 3; i++) assert_int_equal(mpsk_journal_deferred(journal, ids[i]), 0);
}

#define journal_test(_test) cmocka_unit_test_setup_teardown(_test, setup, teardown)

int main(void)
{
	struct CMUnitTest const tests[] = {
		journal_test(test_deferred_claims_are_made_once),
		journal_test(test_a_key_has_its_limit),
		journal_test(test_granted_claims_are_told_again_after_a_loss),
		journal_test(test_what_was_taken_away_does_not_come_back),
		journal_test(test_a_store_that_goes_again),
		journal_test(test_granted_ones_are_none_on_trust),
		journal_test(test_a_refusal_is_told),
		journal_test(test_the_oldest_granted_ones_make_way),
		journal_test(test_granted_while_deferred),
		journal_test(test_a_key_that_was_sealed_anew),
		journal_test(test_threads),
	};

	return cmocka_run_group_tests_name("store/journal", tests, NULL, NULL);
}
