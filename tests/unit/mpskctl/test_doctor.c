/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "mpskctl/doctor.h"

static char const healthy[] =
	"redis_version:7.0.15\r\nused_memory:899\r\nmaxmemory:1000\r\nmaxmemory_policy:noeviction\r\n"
	"aof_enabled:1\r\naof_last_write_status:ok\r\naof_last_bgrewrite_status:ok\r\nrdb_last_bgsave_status:ok\r\n"
	"connected_slaves:2\r\nmin_slaves_good_slaves:2\r\n"
	"slave0:ip=192.0.2.1,port=6379,state=online,offset=1,lag=0\r\n"
	"slave1:ip=192.0.2.2,port=6379,state=online,offset=1,lag=0\r\n";

/* A server that is as it should be, but for what its test makes of it. */
static mpsk_checkup_t server(char const *info)
{
	return (mpsk_checkup_t) {
		.name = "server", .is_primary = true, .has_role = true, .rtt_ms = 1, .has_clock = true,
		.info = info, .info_len = info ? strlen(info) : 0, .user = "mpsk", .appendfsync = "everysec",
		.save = "3600 1",
	};
}

/* Run one check: the level of what it found, and its text where one is wanted. */
static doctor_level_t level_of(char const *name, mpsk_checkup_t const *at, char const *text)
{
	ctl_t ctl = { .mem = talloc_new(NULL) };
	doctor_t doctor = { .ctl = &ctl, .check = name };
	doctor_check_t const *check = doctor_server_checks;
	doctor_level_t level;

	while (check->name && strcmp(check->name, name) != 0) check++;
	assert_non_null(check->name);
	check->look(&doctor, at);
	assert_int_equal(doctor.n, 1);
	level = doctor.findings[0].level;
	if (text && !strstr(doctor.findings[0].finding, text)) fail_msg("%s: %s", name, doctor.findings[0].finding);
	/* What is wrong comes with what cures it. */
	if (level >= DOCTOR_WARNING) assert_non_null(doctor.findings[0].cure);
	talloc_free(ctl.mem);
	return level;
}

static void test_healthy(void **state)
{
	mpsk_checkup_t const at = server(healthy);

	(void) state;
	for (doctor_check_t const *check = doctor_server_checks; check->name; check++) {
		assert_int_equal(level_of(check->name, &at, NULL), DOCTOR_OK);
	}
}

/* By what INFO says. */
static void test_info(void **state)
{
	static struct { char const *check, *info; doctor_level_t level; char const *text; } const rows[] = {
		{ "version", "redis_version:6.2.14\n", DOCTOR_ERROR, "redis 6.2.14" },
		{ "version", "redis_version:8.0.2\n", DOCTOR_OK, "redis 8.0.2" },
		{ "version", "redis_version:10.0.0\n", DOCTOR_OK, "redis 10.0.0" },
		{ "version", "server_name:valkey\nvalkey_version:7.1.0\n", DOCTOR_ERROR, "valkey 7.1.0" },
		{ "version", "server_name:valkey\nvalkey_version:7.2.0\n", DOCTOR_OK, "valkey 7.2.0" },
		{ "version", "server_name:other\nredis_version:7.2.0\n", DOCTOR_INFO, "other" },
		{ "version", "nothing:1\n", DOCTOR_ERROR, "too old" },
		{ "memory", "maxmemory_policy:volatile-ttl\n", DOCTOR_ERROR, "volatile-ttl" },
		{ "memory", "used_memory:1\n", DOCTOR_ERROR, "unknown" },
		{ "memory", "used_memory:900\nmaxmemory:1000\nmaxmemory_policy:noeviction\n", DOCTOR_OK, NULL },
		{ "memory", "used_memory:901\nmaxmemory:1000\nmaxmemory_policy:noeviction\n", DOCTOR_WARNING,
		  "90%" },
		{ "memory", "used_memory:901\nmaxmemory:0\nmaxmemory_policy:noeviction\n", DOCTOR_OK,
		  "no maxmemory" },
		{ "persistence", "aof_enabled:0\n", DOCTOR_WARNING, "appendonly is off" },
		{ "persistence", "aof_enabled:1\naof_last_write_status:err\n", DOCTOR_ERROR, "writing the AOF" },
		{ "persistence", "aof_enabled:1\naof_last_bgrewrite_status:err\n", DOCTOR_ERROR, "rewriting" },
		{ "persistence", "aof_enabled:0\nrdb_last_bgsave_status:err\n", DOCTOR_ERROR, "saving the RDB" },
		{ "replicas", "connected_slaves:0\n", DOCTOR_INFO, "no replica" },
		{ "replicas", "connected_slaves:1\nslave0:ip=192.0.2.1,state=online\n", DOCTOR_OK,
		  "1 replica follows" },
		{ "replicas", "connected_slaves:1\nslave0:ip=192.0.2.1,state=wait_bgsave\n", DOCTOR_WARNING, "1 of 1" },
		{ "replicas", "connected_slaves:2\nslave0:ip=a,state=online\nslave1:ip=b,state=online\n",
		  DOCTOR_WARNING, "min-replicas-to-write" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_checkup_t const at = server(rows[i].info);

		if (level_of(rows[i].check, &at, rows[i].text) != rows[i].level) fail_msg("%s", rows[i].info);
	}
}

/* What may not be looked at is no error. */
static void test_blind(void **state)
{
	static char const *const checks[] = { "version", "memory", "persistence", "replicas" };
	mpsk_checkup_t at = server(NULL);

	(void) state;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		assert_int_equal(level_of(checks[i], &at, "not allowed to look"), DOCTOR_INFO);
	}
	at = server(healthy);
	at.has_role = at.has_clock = false;
	at.appendfsync = at.save = at.user = NULL;
	assert_int_equal(level_of("role", &at, "not allowed to look"), DOCTOR_INFO);
	assert_int_equal(level_of("clock", &at, "not allowed to look"), DOCTOR_INFO);
	assert_int_equal(level_of("persistence", &at, "not allowed to look"), DOCTOR_INFO);
	assert_int_equal(level_of("access", &at, "the user may"), DOCTOR_OK);
}

static void test_settings(void **state)
{
	mpsk_checkup_t at = server("aof_enabled:0\n");

	(void) state;
	at.save = "";
	assert_int_equal(level_of("persistence", &at, "neither AOF nor RDB"), DOCTOR_ERROR);
	at = server(healthy);
	at.appendfsync = "no";
	assert_int_equal(level_of("persistence", &at, "appendfsync is no"), DOCTOR_WARNING);
	at.is_primary = false;
	assert_int_equal(level_of("role", &at, "replica"), DOCTOR_ERROR);
}

static void test_measures(void **state)
{
	static struct { double ahead; doctor_level_t level; char const *text; } const rows[] = {
		{ 1.9, DOCTOR_OK, "within" },
		{ -1.9, DOCTOR_OK, "within" },
		{ 2.5, DOCTOR_WARNING, "2.5 s ahead of" },
		{ -29, DOCTOR_WARNING, "29.0 s behind" },
		{ 31, DOCTOR_ERROR, "ahead of" },
		{ -31, DOCTOR_ERROR, "behind" },
	};
	mpsk_checkup_t at = server(healthy);

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		at.ahead = rows[i].ahead;
		assert_int_equal(level_of("clock", &at, rows[i].text), rows[i].level);
	}
	at.rtt_ms = 5.1;
	assert_int_equal(level_of("latency", &at, "5.1 ms"), DOCTOR_WARNING);
}

static void test_trials(void **state)
{
	mpsk_checkup_t at = server(healthy);

	(void) state;
	at.tracking.status = mpsk_error_set(&at.tracking.why, MPSK_BAD, "no such thing");
	at.script = at.tracking;
	assert_int_equal(level_of("tracking", &at, "no such thing"), DOCTOR_WARNING);
	assert_int_equal(level_of("script", &at, "no such thing"), DOCTOR_ERROR);
}

static void test_access(void **state)
{
	mpsk_denied_t denied[] = {
		{ .name = "hset", .need = MPSK_NEED_MODULE },
		{ .name = "zadd", .need = MPSK_NEED_MODULE, .key = true },
		{ .name = "zrem", .need = MPSK_NEED_MODULE, .key = true },
		{ .name = "client|id", .need = MPSK_NEED_MODULE },
	};
	mpsk_checkup_t at = server(healthy);

	(void) state;
	at.denied = denied;
	at.n_denied = 4;
	assert_int_equal(level_of("access", &at, "lacks +hset +client|id ~mpsk:*"), DOCTOR_ERROR);
	denied[0] = (mpsk_denied_t) { .name = "unlink", .need = MPSK_NEED_CTL };
	at.n_denied = 1;
	assert_int_equal(level_of("access", &at, "lacks +unlink"), DOCTOR_WARNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_measures),
		cmocka_unit_test(test_trials),
		cmocka_unit_test(test_access),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
