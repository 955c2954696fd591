/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cap under contention: threads that all come at once, each with a
 * device of its own, to keys that take five, or five at a time.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "store_rig.h"

#define THREADS	64
#define ROUNDS	100
#define CAP	5
#define DEVICES	100
#define NOW	1700000000

static pthread_barrier_t barrier;
static atomic_int admitted[ROUNDS], full[ROUNDS], wrong;
static mpsk_claim_code_t refusal;

static void claim_one(int round, int device)
{
	char id[16];
	mpsk_claim_t claim = {
		.id = id,
		.mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, (uint8_t) device } },
		.fingerprint = "",
		.now = NOW,
		.place_s = 300,
	};
	mpsk_claim_result_t result;
	mpsk_error_t err;

	snprintf(id, sizeof(id), "k%d", round);
	if (mpsk_store_claim(store, &claim, &result, &err) != MPSK_OK) {
		fprintf(stderr, "%s\n", err.text);
		atomic_fetch_add(&wrong, 1);
	} else if (result.code == MPSK_CLAIM_OK && result.is_new) {
		atomic_fetch_add(&admitted[round], 1);
	} else if (result.code == refusal) {
		atomic_fetch_add(&full[round], 1);
	} else {
		atomic_fetch_add(&wrong, 1);
	}
}

/* The threads share the devices out among themselves. */
static void *claimer(void *arg)
{
	int first = *(int *) arg;

	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&barrier);
		for (int device = first; device < DEVICES; device += THREADS) claim_one(round, device);
	}
	return NULL;
}

static void race(char const *field, char const *set)
{
	pthread_t threads[THREADS];
	int numbers[THREADS];

	redis_do(&redis, "FLUSHALL");
	for (int i = 0; i < ROUNDS; i++) {
		atomic_store(&admitted[i], 0);
		atomic_store(&full[i], 0);
		redis_do(&redis, "HSET mpsk:key:{k%d} psk correct-horse %s %d", i, field, CAP);
	}
	assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i;
		assert_int_equal(pthread_create(&threads[i], NULL, claimer, &numbers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&barrier);
	assert_int_equal(wrong, 0);
	for (int i = 0; i < ROUNDS; i++) {
		assert_int_equal(admitted[i], CAP);
		assert_int_equal(full[i], DEVICES - CAP);
		assert_int_equal(redis_do(&redis, "ZCARD mpsk:%s:{k%d}", set, i), CAP);
	}
}

static void test_cap_holds(void **state)
{
	(void) state;
	refusal = MPSK_CLAIM_FULL;
	race("max", "dev");
}

static void test_places_hold(void **state)
{
	(void) state;
	refusal = MPSK_CLAIM_BUSY;
	race("concurrent", "live");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_cap_holds), cmocka_unit_test(test_places_hold),
	};

	return cmocka_run_group_tests(tests, store_start, store_stop);
}
