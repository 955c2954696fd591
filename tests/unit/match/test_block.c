/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include <openssl/sha.h>

#include "match_make.h"

#define THREADS	4
#define ROUNDS	50

static keys_t keys;

static int unload(void **state)
{
	(void) state;
	for (size_t i = 0; i < BLOCKS_MAX; i++) mpsk_match_block_finish(&keys.blocks[i]);
	return 0;
}

static void test_an_empty_block_is_random(void **state)
{
	mpsk_match_block_t block, other;

	(void) state;
	assert_int_equal(mpsk_match_block_init(&block), MPSK_OK);
	assert_int_equal(mpsk_match_block_init(&other), MPSK_OK);
	assert_int_equal(block.used, 0);
	for (unsigned i = 0; i < MPSK_SHA1_KEY_WORDS; i++) {
		assert_memory_not_equal(block.sha1[i], other.sha1[i], sizeof(block.sha1[i]));
		for (unsigned j = 0; j < i; j++) {
			assert_memory_not_equal(block.sha1[i], block.sha1[j], sizeof(block.sha1[i]));
		}
	}
	for (unsigned i = 0; i < MPSK_MATCH_PMK_WORDS; i++) {
		assert_memory_not_equal(block.pmk[i], other.pmk[i], sizeof(block.pmk[i]));
	}
	mpsk_match_block_finish(&block);
	mpsk_match_block_finish(&other);
}

static void test_clear_forgets(void **state)
{
	mpsk_match_block_t was;
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 1);
	mpsk_match_block_copy(&was, &keys.blocks[0]);
	assert_int_equal(mpsk_match_block_clear(&keys.blocks[0], 7), MPSK_OK);
	assert_int_equal(keys.blocks[0].used, 0xffff & ~(1u << 7));
	for (unsigned i = 0; i < MPSK_SHA1_KEY_WORDS; i++) {
		assert_int_not_equal(keys.blocks[0].sha1[i][7], was.sha1[i][7]);
		assert_int_equal(keys.blocks[0].sha1[i][6], was.sha1[i][6]);
		assert_int_equal(keys.blocks[0].sha1[i][8], was.sha1[i][8]);
	}
	EACH_AKM(i) {
		handshake_random(&hs, akms[i].suite, akms[i].version, 121, &keys.pmks[7]);
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
	}
}

/* The states are those of OpenSSL's SHA-256 after a PMK with a pad. */
static void assert_states(mpsk_match_sha256_t const *states, unsigned lane, wpa_pmk_t const *pmk)
{
	for (unsigned pad = 0; pad < 2; pad++) {
		uint8_t block[SHA256_CBLOCK] = { 0 };
		SHA256_CTX ctx;

		memcpy(block, pmk, sizeof(*pmk));
		for (unsigned i = 0; i < sizeof(block); i++) block[i] ^= pad ? 0x5c : 0x36;
		SHA256_Init(&ctx);
		SHA256_Transform(&ctx, block);
		for (unsigned i = 0; i < 8; i++) assert_int_equal(states->words[8 * pad + i][lane], ctx.h[i]);
	}
}

static void test_the_first_scan_keeps_the_states(void **state)
{
	mpsk_match_sha256_t const *states[3];
	wpa_handshake_t hs;

	(void) state;
	EACH_KERNEL(kernel) {
		keys_random(&keys, 3);
		handshake_random(&hs, WPA_AKM_PSK, 2, 121, &keys.pmks[3]);
		assert_alone(&keys, &hs, kernel, 3);
		for (size_t i = 0; i < 3; i++) assert_null(mpsk_match_block_sha256(&keys.blocks[i]));
		handshake_random(&hs, WPA_AKM_FT_PSK, 3, 121, &keys.pmks[40]);
		assert_alone(&keys, &hs, kernel, 40);
		for (unsigned i = 0; i < 3 * MPSK_MATCH_LANES; i++) {
			states[i / MPSK_MATCH_LANES] = mpsk_match_block_sha256(&keys.blocks[i / MPSK_MATCH_LANES]);
			assert_non_null(states[i / MPSK_MATCH_LANES]);
			assert_states(states[i / MPSK_MATCH_LANES], i % MPSK_MATCH_LANES, &keys.pmks[i]);
		}
		assert_alone(&keys, &hs, kernel, 40);
		for (size_t i = 0; i < 3; i++) assert_ptr_equal(mpsk_match_block_sha256(&keys.blocks[i]), states[i]);
	}
}

static void test_a_change_drops_the_states(void **state)
{
	mpsk_match_block_t copy, *block = &keys.blocks[0];
	wpa_handshake_t hs;
	wpa_pmk_t pmk;

	(void) state;
	keys_random(&keys, 1);
	random_fill(&pmk, sizeof(pmk));
	handshake_random(&hs, WPA_AKM_FT_PSK, 3, 121, &pmk);
	EACH_KERNEL(kernel) {
		assert_alone(&keys, &hs, kernel, SIZE_MAX);
		assert_non_null(mpsk_match_block_sha256(block));
		mpsk_match_block_copy(&copy, block);
		assert_null(mpsk_match_block_sha256(&copy));
		assert_non_null(mpsk_match_block_sha256(block));
		assert_memory_equal(copy.pmk, block->pmk, sizeof(copy.pmk));
		assert_memory_equal(copy.sha1, block->sha1, sizeof(copy.sha1));
		assert_int_equal(copy.used, block->used);
		mpsk_match_block_finish(&copy);

		mpsk_match_block_set(block, 11, &pmk);
		assert_null(mpsk_match_block_sha256(block));
		assert_alone(&keys, &hs, kernel, 11);
		assert_int_equal(mpsk_match_block_clear(block, 11), MPSK_OK);
		assert_null(mpsk_match_block_sha256(block));
		assert_alone(&keys, &hs, kernel, SIZE_MAX);
	}
}

static void test_finish_wipes(void **state)
{
	static mpsk_match_block_t block;
	static mpsk_match_block_t const zero;
	static mpsk_match_sha256_t const states;

	(void) state;
	assert_int_equal(mpsk_match_block_init(&block), MPSK_OK);
	assert_ptr_not_equal(mpsk_match_block_sha256_keep(&block, &states), &states);
	assert_memory_equal(mpsk_match_block_sha256(&block), &states, sizeof(states));
	mpsk_match_block_finish(&block);
	assert_memory_equal(&block, &zero, sizeof(block));
}

/* Threads whose first scan is that of the same blocks at the same time. */
typedef struct {
	pthread_barrier_t		barrier;
	wpa_handshake_t			hs;
	size_t				at;
	mpsk_kernel_t const		*kernel;
	mpsk_match_sha256_t const	*states[THREADS][BLOCKS_MAX];
} race_t;

typedef struct {
	race_t	*race;
	size_t	thread;
	bool	right;
} runner_t;

static void *run(void *uctx)
{
	runner_t *runner = uctx;
	race_t *race = runner->race;
	uint32_t candidates[BLOCKS_MAX];

	pthread_barrier_wait(&race->barrier);
	keys_scan(&keys, &race->hs, race->kernel, candidates);
	runner->right = candidates[race->at / MPSK_MATCH_LANES] == 1u << race->at % MPSK_MATCH_LANES;
	for (size_t i = 0; i < BLOCKS_MAX; i++) {
		race->states[runner->thread][i] = mpsk_match_block_sha256(&keys.blocks[i]);
	}
	return NULL;
}

static void race_run(race_t *race)
{
	pthread_t threads[THREADS];
	runner_t runners[THREADS];

	assert_int_equal(pthread_barrier_init(&race->barrier, NULL, THREADS), 0);
	for (size_t i = 0; i < THREADS; i++) {
		runners[i] = (runner_t) { race, i, false };
		assert_int_equal(pthread_create(&threads[i], NULL, run, &runners[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (size_t i = 0; i < THREADS; i++) {
		assert_true(runners[i].right);
		assert_memory_equal(race->states[i], race->states[0], sizeof(race->states[i]));
	}
	assert_int_equal(pthread_barrier_destroy(&race->barrier), 0);
}

static void test_threads_share_the_first_states(void **state)
{
	static race_t race;

	(void) state;
	for (size_t i = 0; i < ROUNDS; i++) {
		keys_random(&keys, BLOCKS_MAX);
		race.at = i * 13 % (BLOCKS_MAX * MPSK_MATCH_LANES);
		handshake_random(&race.hs, WPA_AKM_FT_PSK, 3, 121, &keys.pmks[race.at]);
		race.kernel = kernels_here();
		race_run(&race);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_an_empty_block_is_random),
		cmocka_unit_test(test_clear_forgets),
		cmocka_unit_test(test_the_first_scan_keeps_the_states),
		cmocka_unit_test(test_a_change_drops_the_states),
		cmocka_unit_test(test_finish_wipes),
		cmocka_unit_test(test_threads_share_the_first_states),
	};

	return cmocka_run_group_tests_name("match/block", tests, NULL, unload);
}
