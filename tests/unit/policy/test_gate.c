/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sched.h>
#include <stdatomic.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "policy/gate.h"

#define LONG_MS 20000

static void as_many_as_may_get_in(void **state)
{
	mpsk_gate_t gate;

	(void) state;
	mpsk_gate_init(&gate, 2, 0, LONG_MS);
	assert_true(mpsk_gate_enter(&gate));
	assert_true(mpsk_gate_enter(&gate));
	assert_false(mpsk_gate_enter(&gate));
	mpsk_gate_leave(&gate);
	assert_true(mpsk_gate_enter(&gate));
	assert_false(mpsk_gate_enter(&gate));
	mpsk_gate_finish(&gate);
}

static void who_waits_in_vain_is_turned_away(void **state)
{
	int64_t before = mpsk_monotonic_ms();
	mpsk_gate_t gate;

	(void) state;
	mpsk_gate_init(&gate, 1, 1, 30);
	assert_true(mpsk_gate_enter(&gate));
	assert_false(mpsk_gate_enter(&gate));
	assert_true(mpsk_monotonic_ms() - before >= 29);
	assert_int_equal(gate.waiting, 0);
	mpsk_gate_finish(&gate);
}

typedef struct {
	mpsk_gate_t		*gate;
	_Atomic unsigned	inside, most, entered, refused;
} shared_t;

static void *enter_run(void *uctx)
{
	shared_t *shared = uctx;

	if (mpsk_gate_enter(shared->gate)) {
		atomic_fetch_add(&shared->entered, 1);
		mpsk_gate_leave(shared->gate);
	} else {
		atomic_fetch_add(&shared->refused, 1);
	}
	return NULL;
}

static size_t waiting(mpsk_gate_t *gate)
{
	size_t n;

	pthread_mutex_lock(&gate->lock);
	n = gate->waiting;
	pthread_mutex_unlock(&gate->lock);
	return n;
}

/* Two wait, the third that would is turned away at once; who leaves lets the first in, and it the second. */
static void those_who_wait_get_in_one_after_another(void **state)
{
	mpsk_deadline_t deadline = mpsk_deadline_in(LONG_MS);
	mpsk_gate_t gate;
	shared_t shared = { .gate = &gate };
	pthread_t threads[2];

	(void) state;
	mpsk_gate_init(&gate, 1, 2, LONG_MS);
	assert_true(mpsk_gate_enter(&gate));
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, enter_run, &shared), 0);
	while (waiting(&gate) < 2 && !mpsk_deadline_passed(deadline))
		sched_yield();
	assert_false(mpsk_gate_enter(&gate));
	assert_false(mpsk_deadline_passed(deadline));
	mpsk_gate_leave(&gate);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(atomic_load(&shared.entered), 2);
	assert_int_equal(gate.inside, 0);
	mpsk_gate_finish(&gate);
}

static void *crowd_run(void *uctx)
{
	shared_t *shared = uctx;

	for (unsigned i = 0; i < 500; i++) {
		unsigned now, most;

		if (!mpsk_gate_enter(shared->gate)) {
			atomic_fetch_add(&shared->refused, 1);
			continue;
		}
		now = atomic_fetch_add(&shared->inside, 1) + 1;
		most = atomic_load(&shared->most);
		while (now > most && !atomic_compare_exchange_weak(&shared->most, &most, now))
			;
		sched_yield();
		atomic_fetch_sub(&shared->inside, 1);
		atomic_fetch_add(&shared->entered, 1);
		mpsk_gate_leave(shared->gate);
	}
	return NULL;
}

static void a_crowd_never_gets_in_together(void **state)
{
	mpsk_gate_t gate;
	shared_t shared = { .gate = &gate };
	pthread_t threads[6];

	(void) state;
	mpsk_gate_init(&gate, 2, 3, LONG_MS);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, crowd_run, &shared), 0);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_true(atomic_load(&shared.most) <= 2);
	assert_int_equal(atomic_load(&shared.entered) + atomic_load(&shared.refused), 6 * 500);
	assert_int_equal(gate.inside, 0);
	assert_int_equal(gate.waiting, 0);
	mpsk_gate_finish(&gate);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(as_many_as_may_get_in),
		cmocka_unit_test(who_waits_in_vain_is_turned_away),
		cmocka_unit_test(those_who_wait_get_in_one_after_another),
		cmocka_unit_test(a_crowd_never_gets_in_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
