/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "asker.h"
#include "bench.h"
#include "keys.h"
#include "rows.h"

#define KEYS		1000
#define ROUNDS		25
#define SLICE		3000	/* requests */
#define QUICK_ROUNDS	1
#define QUICK_SLICE	100

/* The figures of slices. */
typedef enum { RATE, P50, P99, CPU, BUSY, FIGURES } figure_t;

typedef enum { BARE, MPSK, SERVERS } server_t;

/* One way to ask, of both servers. */
typedef struct {
	char const	*name;
	bool		bound;
	asker_t		askers[SERVERS];
	double		samples[FIGURES][SERVERS][ROUNDS];
	double		ratios[FIGURES][ROUNDS];
} shape_t;

static lab_t servers[SERVERS];
static shape_t shapes[] = { { .name = "handshake relayed" }, { .name = "MAC alone", .bound = true } };
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void slice(shape_t *shape, server_t server, size_t round, size_t count)
{
	double const cpu = lab_radius_cpu(&servers[server]);
	load_result_t const result = asker_run(&shape->askers[server], count);
	double const spent = lab_radius_cpu(&servers[server]) - cpu, seconds = (double) result.spent_us * 1e-6;
	double const figures[FIGURES] = {
		[RATE] = (double) count / seconds,
		[P50] = result.p50_us * 1e-3,
		[P99] = result.p99_us * 1e-3,
		[CPU] = spent * 1e6 / (double) count,
		[BUSY] = (double) result.busy_us * 1e-6 / seconds * 100,
	};

	/* A bare answer carries no key, which for a station is a wrong one. */
	bench_assert((server == BARE ? result.wrong : result.right) == count, "a known device was not let in");
	for (size_t i = 0; i < FIGURES; i++) shape->samples[i][server][round] = figures[i];
}

/* By turns, and who begins by turns too. */
static void round_run(shape_t *shape, size_t round, size_t count)
{
	server_t const first = round % 2 ? MPSK : BARE;

	slice(shape, first, round, count);
	slice(shape, first == BARE ? MPSK : BARE, round, count);
	for (size_t i = 0; i < FIGURES; i++) {
		shape->ratios[i][round] = shape->samples[i][MPSK][round] / shape->samples[i][BARE][round];
	}
}

static void figure_row(shape_t *shape, figure_t figure, size_t rounds, char const *suffix)
{
	measure_rates_t const rates = {
		measure_median(shape->samples[figure][BARE], rounds),
		measure_median(shape->samples[figure][MPSK], rounds),
		measure_median(shape->ratios[figure], rounds),
	};

	rows_compared(&rates, 1, "%s%s", shape->name, suffix);
}

static void rows_print(size_t rounds)
{
	static struct {
		char const	*title, *unit, *suffix;
		figure_t	figure;
	} const sections[] = {
		{ "Known devices through radiusd", "requests a second", "", RATE },
		{ "Known devices through radiusd", "milliseconds", ", p50", P50 },
		{ NULL, NULL, ", p99", P99 },
		{ "CPU of radiusd", "microseconds a request", "", CPU },
		{ "How long the load generator was busy", "percent", "", BUSY },
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (sections[i].title) rows_section(sections[i].title, sections[i].unit);
		rows_beside("bare server");
		for (size_t j = 0; j < SHAPES; j++) {
			figure_row(&shapes[j], sections[i].figure, rounds, sections[i].suffix);
		}
	}
}

void bench_server(void)
{
	size_t const rounds = bench_quick ? QUICK_ROUNDS : ROUNDS, count = bench_quick ? QUICK_SLICE : SLICE;

	lab_up(&servers[BARE], LAB_BARE);
	lab_up(&servers[MPSK], LAB_MPSK);
	keys_fill(&servers[MPSK], ASKER_SSID, KEYS);
	asker_key_add(&servers[MPSK]);
	for (size_t i = 0; i < SHAPES; i++) {
		for (size_t j = 0; j < SERVERS; j++) {
			asker_set(&shapes[i].askers[j], &servers[j]);
			if (!shapes[i].bound) continue;
			shapes[i].askers[j].plan.akm = NULL;
			shapes[i].askers[j].plan.request.suite = 0;
		}
	}
	asker_await_ready(&shapes[0].askers[MPSK]);
	asker_await_known(&shapes[0].askers[MPSK], &servers[MPSK]);
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < SHAPES; i++) round_run(&shapes[i], round, count);
	}
	lab_down(&servers[BARE]);
	lab_down(&servers[MPSK]);
	rows_print(rounds);
}
