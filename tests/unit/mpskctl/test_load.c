/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "mpskctl/load.h"

static TALLOC_CTX *ctx;
static ctl_servers_t servers;
static mpsk_samples_t samples;

static int fresh(void **state)
{
	(void) state;
	ctx = talloc_new(NULL);
	servers = (ctl_servers_t) { .ctx = ctx };
	samples = (mpsk_samples_t) { .ctx = ctx };
	return 0;
}

static int clean(void **state)
{
	(void) state;
	talloc_free(ctx);
	return 0;
}

static void sample(char const *server, char const *name, uint64_t value)
{
	char text[24];
	mpsk_field_t field = { .name = name, .name_len = strlen(name), .value = text };

	field.value_len = (size_t) snprintf(text, sizeof(text), "%llu", (unsigned long long) value);
	assert_int_equal(mpsk_samples_add(&samples, server, &field, 1), MPSK_OK);
}

/* What a server wrote at a time: so many were let in and refused since its start, all within 0.5 to 1 ms. */
static void wrote(char const *server, int64_t at, uint64_t accepted, uint64_t refused)
{
	sample(server, "mpsk_start_time_seconds", 1000);
	sample(server, "mpsk_figures_time_seconds", (uint64_t) at);
	sample(server, "mpsk_requests_total{dialect=\"hostapd\",reason=\"MATCHED\"}", accepted);
	sample(server, "mpsk_requests_total{dialect=\"cisco\",reason=\"NO_MATCH\"}", refused / 2);
	sample(server, "mpsk_requests_total{dialect=\"hostapd\",reason=\"NO_MATCH\"}", refused - refused / 2);
	sample(server, "mpsk_answers_total{code=\"Access-Accept\"}", accepted);
	sample(server, "mpsk_answers_total{code=\"Access-Reject\"}", refused);
	sample(server, "mpsk_answer_seconds_bucket{le=\"0.0005\"}", 0);
	for (unsigned i = 6; i <= MPSK_HISTOGRAM_BOUNDS; i++) {
		char name[64];

		snprintf(name, sizeof(name), "mpsk_answer_seconds_bucket{le=\"%s\"}", mpsk_histogram_le(i));
		sample(server, name, accepted + refused);
	}
	sample(server, "mpsk_index_keys", 7);
	sample(server, "mpsk_sessions_open", 3);
	sample(server, "mpsk_store_state{state=\"healthy\"}", 0);
	sample(server, "mpsk_store_state{state=\"degraded\"}", 1);
}

static void update(void)
{
	mpsk_samples_sort(&samples);
	ctl_servers_update(&servers, &samples);
	samples.n = 0;
}

static void is_near(double got, double expected)
{
	assert_true(got > expected - 0.000001 && got < expected + 0.000001);
}

static void at_first_it_is_since_the_start(void **state)
{
	ctl_load_t load;

	(void) state;
	wrote("b", 1100, 100, 50);
	wrote("a", 1100, 0, 0);
	update();
	assert_int_equal(servers.n, 2);
	assert_string_equal(servers.servers[0].server, "a");
	assert_string_equal(servers.servers[1].server, "b");
	assert_string_equal(servers.servers[1].now.state, "degraded");
	assert_true(servers.servers[1].now.keys == 7 && servers.servers[1].now.sessions == 3);
	ctl_load_of(&load, &servers.servers[1], false);
	assert_int_equal(load.over, 100);
	is_near(load.requests, 1.5);
	is_near(load.accepted, 1);
	is_near(load.refused, 0.5);
	is_near(load.p50_ms, 0.75);
	assert_int_equal(load.n_reasons, 2);
	assert_string_equal(load.reasons[0].name, "MATCHED");
	is_near(load.reasons[1].n, 0.5);
	ctl_load_of(&load, &servers.servers[0], false);
	assert_int_equal(load.n_reasons, 0);
	is_near(load.p99_ms, 0);
}

static void then_it_is_between_two_writes(void **state)
{
	ctl_load_t load;

	(void) state;
	wrote("a", 1100, 100, 50);
	update();
	wrote("a", 1110, 100, 150);
	update();
	/* The same figures once more are nothing new. */
	wrote("a", 1110, 100, 150);
	update();
	ctl_load_of(&load, &servers.servers[0], false);
	assert_int_equal(load.over, 10);
	is_near(load.requests, 10);
	is_near(load.accepted, 0);
	is_near(load.refused, 10);
	assert_int_equal(load.n_reasons, 1);
	assert_string_equal(load.reasons[0].name, "NO_MATCH");
	ctl_load_of(&load, &servers.servers[0], true);
	assert_int_equal(load.over, 110);
	is_near(load.accepted, 100 / 110.);
}

static void a_server_that_was_started_anew_has_nothing_before(void **state)
{
	ctl_load_t load;

	(void) state;
	wrote("a", 1100, 100, 50);
	update();
	wrote("a", 1120, 4, 0);
	for (size_t i = 0; i < samples.n; i++) {
		if (samples.samples[i].series.id == MPSK_METRIC_START_TIME) samples.samples[i].series.value = 1112;
	}
	update();
	assert_false(servers.servers[0].has_before);
	ctl_load_of(&load, &servers.servers[0], false);
	assert_int_equal(load.over, 8);
	is_near(load.accepted, 0.5);
}

static void a_server_that_is_gone_is_shown_no_more(void **state)
{
	(void) state;
	wrote("a", 1100, 1, 1);
	wrote("b", 1100, 1, 1);
	update();
	wrote("b", 1110, 1, 1);
	update();
	assert_int_equal(servers.n, 1);
	assert_string_equal(servers.servers[0].server, "b");
	assert_true(servers.servers[0].has_before);
	update();
	assert_int_equal(servers.n, 0);
}

static void more_reasons_than_there_are_do_no_harm(void **state)
{
	ctl_load_t load;
	char name[80];

	(void) state;
	wrote("a", 1100, 1, 1);
	for (unsigned i = 0; i < 2 * CTL_LOAD_REASONS; i++) {
		snprintf(name, sizeof(name), "mpsk_requests_total{dialect=\"x\",reason=\"R%u\"}", i);
		sample("a", name, 100);
	}
	update();
	ctl_load_of(&load, &servers.servers[0], false);
	assert_int_equal(load.n_reasons, CTL_LOAD_REASONS);
	is_near(load.requests, (2 * CTL_LOAD_REASONS * 100 + 2) / 100.);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(at_first_it_is_since_the_start, fresh, clean),
		cmocka_unit_test_setup_teardown(then_it_is_between_two_writes, fresh, clean),
		cmocka_unit_test_setup_teardown(a_server_that_was_started_anew_has_nothing_before, fresh, clean),
		cmocka_unit_test_setup_teardown(a_server_that_is_gone_is_shown_no_more, fresh, clean),
		cmocka_unit_test_setup_teardown(more_reasons_than_there_are_do_no_harm, fresh, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
