/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "store/outbox.h"
#include "store/stat.h"
#include "store_rig.h"

#define NOW	1700000000
#define DAY	86400

static mpsk_error_t err;
static char seen[1024];

static int fresh(void **state)
{
	(void) state;
	redis_do(&redis, "FLUSHALL");
	seen[0] = '\0';
	return 0;
}

static mpsk_field_t field(char const *name, char const *value)
{
	return (mpsk_field_t) { .name = name, .name_len = strlen(name), .value = value, .value_len = strlen(value) };
}

static mpsk_status_t put(char const *server, char const *name, char const *value, int64_t now)
{
	mpsk_field_t const fields[] = { field(name, value), field("same", "1") };

	return mpsk_store_stat_put(store, server, fields, 2, now, &err);
}

/* "a: n=1 same=1; " of each. */
static mpsk_status_t look(void *uctx, char const *server, mpsk_field_t const *fields, size_t n)
{
	size_t len = strlen(seen);

	(void) uctx;
	len += (size_t) snprintf(seen + len, sizeof(seen) - len, "%s:", server);
	for (size_t i = 0; i < n; i++) {
		len += (size_t) snprintf(seen + len, sizeof(seen) - len, " %.*s=%.*s", (int) fields[i].name_len,
					 fields[i].name, (int) fields[i].value_len, fields[i].value);
	}
	snprintf(seen + len, sizeof(seen) - len, "; ");
	return MPSK_OK;
}

static void figures_take_the_place_of_the_last(void **state)
{
	(void) state;
	assert_int_equal(put("b/mpsk", "old", "1", NOW), MPSK_OK);
	assert_int_equal(put("b/mpsk", "new", "2", NOW + 10), MPSK_OK);
	assert_int_equal(put("a/mpsk", "new", "3", NOW + 10), MPSK_OK);
	assert_int_equal(mpsk_store_stat_each(store, look, NULL, &err), MPSK_OK);
	assert_string_equal(seen, "a/mpsk: new=3 same=1; b/mpsk: new=2 same=1; ");
	assert_in_range(redis_do(&redis, "TTL mpsk:stat:a/mpsk"), MPSK_STAT_LIFE_S - 5, MPSK_STAT_LIFE_S);
}

static void a_server_that_is_gone_is_passed_over_then_forgotten(void **state)
{
	(void) state;
	assert_int_equal(put("a", "n", "1", NOW), MPSK_OK);
	assert_int_equal(put("b", "n", "2", NOW), MPSK_OK);
	redis_do(&redis, "DEL mpsk:stat:a");
	assert_int_equal(mpsk_store_stat_each(store, look, NULL, &err), MPSK_OK);
	assert_string_equal(seen, "b: n=2 same=1; ");
	assert_int_equal(put("b", "n", "2", NOW + DAY - 1), MPSK_OK);
	assert_int_equal(redis_do(&redis, "ZCARD mpsk:stats"), 2);
	assert_int_equal(put("b", "n", "2", NOW + DAY), MPSK_OK);
	assert_int_equal(redis_do(&redis, "ZCARD mpsk:stats"), 1);
}

static void what_hands_wrote_does_no_harm(void **state)
{
	(void) state;
	redis_do(&redis, "ZADD mpsk:stats 0 %b 0 %s 0 gone 0 list", "evil\n\"", (size_t) 6, "a b");
	redis_do(&redis, "HSET mpsk:stat:a n 1");
	assert_int_equal(mpsk_store_stat_each(store, look, NULL, &err), MPSK_OK);
	assert_string_equal(seen, "");
	redis_do(&redis, "SET mpsk:stats x");
	assert_int_equal(mpsk_store_stat_each(store, look, NULL, &err), MPSK_BAD);
}

static void names_and_numbers_have_bounds(void **state)
{
	char name[MPSK_STAT_SERVER_MAX + 2];

	(void) state;
	memset(name, 'a', sizeof(name));
	name[MPSK_STAT_SERVER_MAX + 1] = '\0';
	assert_int_equal(put(name, "n", "1", NOW), MPSK_BAD);
	name[MPSK_STAT_SERVER_MAX] = '\0';
	assert_int_equal(put(name, "n", "1", NOW), MPSK_OK);
	assert_int_equal(put("", "n", "1", NOW), MPSK_BAD);
	assert_int_equal(put("a b", "n", "1", NOW), MPSK_BAD);
	assert_int_equal(put("a{b}", "n", "1", NOW), MPSK_BAD);
	assert_int_equal(mpsk_store_stat_put(store, "a", NULL, 0, NOW, &err), MPSK_BAD);
	assert_false(mpsk_stat_server_valid("a\0b", 3));
}

/*
 * --- Through the outbox ---
 */
static bool take(void *uctx, TALLOC_CTX *taken, mpsk_field_t const **fields, size_t *n)
{
	mpsk_field_t *own = talloc_array(taken, mpsk_field_t, 1);

	own[0] = field("n", uctx);
	*fields = own;
	*n = 1;
	return true;
}

static bool is_written(void const *uctx)
{
	return strcmp(redis_ask(&redis, "HGET mpsk:stat:srv/1 n"), uctx) == 0;
}

static void the_outbox_writes_them(void **state)
{
	mpsk_outbox_config_t config = mpsk_outbox_defaults;
	mpsk_store_config_t at = mpsk_store_defaults;
	mpsk_outbox_t *outbox;
	char number[] = "5";

	(void) state;
	at.uri = redis.uri;
	config.figures = (mpsk_stat_source_t) { .server = "srv/1", .take = take, .uctx = number };
	assert_int_equal(mpsk_outbox_start(NULL, &outbox, &at, &config, &err), MPSK_OK);
	assert_true(wait_for(is_written, number, 20000));
	mpsk_outbox_stop(&outbox, 0);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup(figures_take_the_place_of_the_last, fresh),
		cmocka_unit_test_setup(a_server_that_is_gone_is_passed_over_then_forgotten, fresh),
		cmocka_unit_test_setup(what_hands_wrote_does_no_harm, fresh),
		cmocka_unit_test_setup(names_and_numbers_have_bounds, fresh),
		cmocka_unit_test_setup(the_outbox_writes_them, fresh),
	};

	return cmocka_run_group_tests(tests, store_start, store_stop);
}
