/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces done by many threads: made for ThreadSanitizer, true without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdatomic.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "index_make.h"
#include "index/team.h"

#define PIECES	200
#define ASKERS	4
#define RUNS	200

typedef struct {
	_Atomic unsigned	done[PIECES];
	_Atomic unsigned	threads;
} job_t;

static void piece_do(void *uctx, size_t piece)
{
	atomic_fetch_add(&((job_t *) uctx)->done[piece], 1);
}

static bool each_once(job_t *job, size_t pieces)
{
	for (size_t i = 0; i < PIECES; i++) {
		if (atomic_load(&job->done[i]) != (i < pieces))
			return false;
	}
	return true;
}

static void every_piece_is_done_once(void **state)
{
	size_t const pieces[] = { 0, 1, 2, 3, PIECES };

	(void) state;
	for (size_t helpers = 0; helpers < 4; helpers++) {
		mpsk_team_t *team;

		assert_int_equal(mpsk_team_start(&team, helpers), MPSK_OK);
		for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
			job_t job = { .threads = 0 }, alone = { .threads = 0 };

			(void) mpsk_team_run(team, piece_do, &job, pieces[i]);
			assert_true(each_once(&job, pieces[i]));
			(void) mpsk_team_run(NULL, piece_do, &alone, pieces[i]);
			assert_true(each_once(&alone, pieces[i]));
		}
		mpsk_team_stop(&team);
		assert_null(team);
		mpsk_team_stop(&team);
	}
}

/* Two pieces, neither of which ends before the other has begun: so two threads do them. */
static void both_begin(void *uctx, size_t piece)
{
	job_t *job = uctx;
	mpsk_deadline_t deadline = mpsk_deadline_in(20000);

	atomic_fetch_add(&job->done[piece], 1);
	atomic_fetch_add(&job->threads, 1);
	while (atomic_load(&job->threads) < 2 && !mpsk_deadline_passed(deadline))
		;
}

static void a_helper_helps(void **state)
{
	job_t job = { .threads = 0 };
	mpsk_team_t *team;

	(void) state;
	assert_int_equal(mpsk_team_start(&team, 1), MPSK_OK);
	assert_true(mpsk_team_run(team, both_begin, &job, 2) > 0);
	assert_int_equal(atomic_load(&job.threads), 2);
	mpsk_team_stop(&team);
}

typedef struct {
	mpsk_team_t		*team;
	_Atomic unsigned	wrong;
} shared_t;

static void *asker_run(void *uctx)
{
	shared_t *shared = uctx;

	for (size_t i = 0; i < RUNS; i++) {
		job_t job = { .threads = 0 };

		(void) mpsk_team_run(shared->team, piece_do, &job, i % PIECES);
		if (!each_once(&job, i % PIECES))
			atomic_fetch_add(&shared->wrong, 1);
	}
	return NULL;
}

static void many_may_ask_at_a_time(void **state)
{
	shared_t shared = { .wrong = 0 };
	pthread_t askers[ASKERS];

	(void) state;
	assert_int_equal(mpsk_team_start(&shared.team, 3), MPSK_OK);
	for (size_t i = 0; i < ASKERS; i++)
		assert_int_equal(pthread_create(&askers[i], NULL, asker_run, &shared), 0);
	for (size_t i = 0; i < ASKERS; i++)
		assert_int_equal(pthread_join(askers[i], NULL), 0);
	assert_int_equal(atomic_load(&shared.wrong), 0);
	mpsk_team_stop(&shared.team);
}

#define KEYS	17000	/* enough for a team */

static mpsk_index_t *index_fill(void)
{
	mpsk_index_t *index = mpsk_index_create(NULL);
	char id[16];

	assert_non_null(index);
	assert_int_equal(mpsk_index_threads(index, 3), MPSK_OK);
	for (unsigned i = 0; i < KEYS; i++) {
		snprintf(id, sizeof(id), "k%05u", i);
		assert_int_equal(mpsk_index_put(index, hex_key(id, i, "One")), MPSK_OK);
	}
	return index;
}

/* The keys stand in lanes of sixteen, so the edges of pieces are met. */
static void a_team_finds_what_one_thread_finds(void **state)
{
	unsigned const wanted[] = { 0, 1023, 1024, 8191, 8192, 16383, 16384, KEYS - 1 };
	mpsk_index_t *index = index_fill();
	char id[16];

	(void) state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		snprintf(id, sizeof(id), "k%05u ", wanted[i]);
		assert_scan(index, "One", wanted[i], NULL, id, 0);
	}
	assert_scan(index, "One", KEYS, NULL, "", 0);
	/* Twins at both ends: a hit does not end it. */
	assert_int_equal(mpsk_index_put(index, hex_key("z", 0, "One")), MPSK_OK);
	assert_scan(index, "One", 0, NULL, "k00000 z ", 0);
	talloc_free(index);
}

typedef struct {
	mpsk_index_t		*index;
	_Atomic unsigned	wrong, over;
} edited_t;

static void *scan_run(void *uctx)
{
	edited_t *edited = uctx;
	wpa_pmk_t there = pmk_of(KEYS - 1), nowhere = pmk_of(9999999);
	char ids[256];
	size_t missing;

	for (size_t i = 0; i < 20; i++) {
		(void) scan_pmk(edited->index, "One", &there, NULL, ids, &missing);
		if (strcmp(ids, "k16999 ") != 0 ||
		    scan_pmk(edited->index, "One", &nowhere, NULL, ids, &missing) != 0)
			atomic_fetch_add(&edited->wrong, 1);
	}
	atomic_fetch_add(&edited->over, 1);
	return NULL;
}

static void leaves_live_while_a_team_looks_at_them(void **state)
{
	edited_t edited = { .index = index_fill() };
	pthread_t threads[2];

	(void) state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, scan_run, &edited), 0);
	for (unsigned n = 0; atomic_load(&edited.over) < 2; n++) {
		char id[16];

		snprintf(id, sizeof(id), "k%05u", n * 131 % (KEYS - 1));
		assert_int_equal(mpsk_index_put(edited.index, hex_key(id, KEYS + n, "One")), MPSK_OK);
	}
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(atomic_load(&edited.wrong), 0);
	talloc_free(edited.index);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(every_piece_is_done_once),
		cmocka_unit_test(a_helper_helps),
		cmocka_unit_test(many_may_ask_at_a_time),
		cmocka_unit_test(a_team_finds_what_one_thread_finds),
		cmocka_unit_test(leaves_live_while_a_team_looks_at_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
