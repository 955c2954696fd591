/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "policy/online.h"

static mpsk_online_t *online;

static int fresh(void **state)
{
	(void) state;
	online = mpsk_online_create(NULL, 1024);
	return online ? 0 : -1;
}

static int clean(void **state)
{
	(void) state;
	talloc_free(online);
	return 0;
}

static void note(char const *nas, char const *sid, int64_t seen, bool ended)
{
	mpsk_session_t session = { .seen = seen, .ended = ended ? seen : 0 };

	strcpy(session.nas, nas);
	assert_true(mpsk_octets_set(&session.sid, (uint8_t const *) sid, strlen(sid)));
	mpsk_online_note(online, &session);
}

static void sessions_begin_and_end(void **state)
{
	(void) state;
	assert_int_equal(mpsk_online_count(online, 0), 0);
	note("ap-1", "1", 100, false);
	note("ap-1", "2", 100, false);
	note("ap-2", "1", 100, false);
	assert_int_equal(mpsk_online_count(online, 0), 3);
	note("ap-1", "1", 110, false);
	assert_int_equal(mpsk_online_count(online, 0), 3);
	note("ap-1", "1", 120, true);
	assert_int_equal(mpsk_online_count(online, 0), 2);
}

static void the_latest_counts_in_whichever_order(void **state)
{
	(void) state;
	note("ap-1", "1", 120, true);
	note("ap-1", "1", 100, false);
	note("ap-1", "1", 120, false);
	assert_int_equal(mpsk_online_count(online, 0), 0);
	note("ap-1", "1", 130, false);
	assert_int_equal(mpsk_online_count(online, 0), 1);
}

static void those_not_heard_of_count_no_more(void **state)
{
	(void) state;
	note("ap-1", "1", 100, false);
	note("ap-1", "2", 200, false);
	assert_int_equal(mpsk_online_count(online, 99), 2);
	assert_int_equal(mpsk_online_count(online, 100), 1);
	assert_int_equal(mpsk_online_count(online, 200), 0);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(sessions_begin_and_end, fresh, clean),
		cmocka_unit_test_setup_teardown(the_latest_counts_in_whichever_order, fresh, clean),
		cmocka_unit_test_setup_teardown(those_not_heard_of_count_no_more, fresh, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
