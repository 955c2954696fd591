/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "asker.h"
#include "bench.h"
#include "keys.h"
#include "rows.h"

#define KEYS		1000
#define DIALECTS_MAX	16
#define ROUNDS		32
#define SLICE		400	/* requests of each dialect in a round */
#define QUICK_ROUNDS	1
#define QUICK_SLICE	20

typedef enum { CPU, RATE, FIGURES } figure_t;

/* What a round's requests cost. */
typedef struct {
	double	cpu, seconds;
} cost_t;

/* One way to ask, in every dialect that has it; the first is hostapd's. */
typedef struct {
	char const	*name;
	bool		bound;
	size_t		n;
	dialect_t const	*dialects[DIALECTS_MAX];
	asker_t		askers[DIALECTS_MAX];
	double		each[DIALECTS_MAX][ROUNDS];	/* CPU, seconds a request */
	double		alone[FIGURES][ROUNDS], mix[FIGURES][ROUNDS];
} shape_t;

static shape_t shapes[] = { { .name = "handshake relayed" }, { .name = "MAC alone", .bound = true } };
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

/* Of two steps, the load generator takes none. */
static bool has_shape(dialect_t const *dialect, bool bound)
{
	return !dialect->two_steps && (bound || dialect->unbound);
}

static void askers_set(shape_t *shape, lab_t const *lab)
{
	for (dialect_t const *row = dialects; row->name; row++) {
		asker_t *asker = &shape->askers[shape->n];

		if (!has_shape(row, shape->bound)) continue;
		bench_assert(shape->n < DIALECTS_MAX, "more dialects than there is room for");
		shape->dialects[shape->n++] = row;
		asker_set(asker, lab);
		asker->plan.request.dialect = row;
		asker->plan.request.nas_id = row->name;
		asker->plan.keys = dialect_keys(row, shape->bound, false);
		if (!shape->bound) continue;
		asker->plan.akm = NULL;
		asker->plan.request.suite = 0;
	}
}

static cost_t slice(lab_t const *lab, asker_t *asker, size_t count)
{
	double const cpu = lab_radius_cpu(lab);
	load_result_t const result = asker_run(asker, count);

	bench_assert(result.right == count, "a known device was not let in");
	return (cost_t) { .cpu = lab_radius_cpu(lab) - cpu, .seconds = (double) result.spent_us * 1e-6 };
}

static void figures_set(double figures[FIGURES][ROUNDS], size_t round, cost_t cost, size_t count)
{
	figures[CPU][round] = cost.cpu / (double) count;
	figures[RATE][round] = (double) count / cost.seconds;
}

/* Each dialect once, and hostapd as often beside them: in slices that are neighbours, and who is first by turns. */
static void round_run(shape_t *shape, lab_t const *lab, size_t round, size_t count)
{
	cost_t alone = { 0 }, mix = { 0 };

	for (size_t i = 0; i < 2 * shape->n; i++) {
		bool is_mix = (i + i / 2 + round) % 2;
		cost_t const cost = slice(lab, &shape->askers[is_mix ? i / 2 : 0], count);
		cost_t *sum = is_mix ? &mix : &alone;

		sum->cpu += cost.cpu;
		sum->seconds += cost.seconds;
		if (is_mix) shape->each[i / 2][round] = cost.cpu / (double) count;
	}
	figures_set(shape->alone, round, alone, shape->n * count);
	figures_set(shape->mix, round, mix, shape->n * count);
}

static void compared_row(shape_t *shape, figure_t figure, size_t rounds, double scale)
{
	double ratios[ROUNDS];
	measure_rates_t rates;

	for (size_t i = 0; i < rounds; i++) ratios[i] = shape->mix[figure][i] / shape->alone[figure][i];
	rates.baseline = measure_median(shape->alone[figure], rounds);
	rates.rate = measure_median(shape->mix[figure], rounds);
	rates.ratio = measure_median(ratios, rounds);
	rows_beside("hostapd alone");
	rows_compared(&rates, scale, "%s, %zu dialects", shape->name, shape->n);
}

static void rows_print(size_t rounds)
{
	rows_section("Known devices of all dialects, CPU of radiusd", "microseconds a request");
	for (size_t i = 0; i < SHAPES; i++) compared_row(&shapes[i], CPU, rounds, 1e6);
	rows_section("Known devices of all dialects", "requests a second");
	for (size_t i = 0; i < SHAPES; i++) compared_row(&shapes[i], RATE, rounds, 1);
	rows_section("CPU of radiusd by dialect", "microseconds a request");
	for (size_t i = 0; i < SHAPES; i++) {
		for (size_t j = 0; j < shapes[i].n; j++) {
			double const seconds = measure_median(shapes[i].each[j], rounds);

			rows_figure(seconds * 1e6, "%s, %s", shapes[i].dialects[j]->name, shapes[i].name);
		}
	}
}

void bench_dialects(void)
{
	size_t const rounds = bench_quick ? QUICK_ROUNDS : ROUNDS, count = bench_quick ? QUICK_SLICE : SLICE;
	lab_t lab;

	lab_up(&lab, LAB_MPSK, NULL);
	keys_fill(&lab, ASKER_SSID, KEYS);
	asker_key_add(&lab);
	keys_nas_add(&lab, "mist", "mist");
	for (size_t i = 0; i < SHAPES; i++) askers_set(&shapes[i], &lab);
	asker_await_ready(&shapes[0].askers[0]);
	asker_await_known(&shapes[0].askers[0], &lab);
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < SHAPES; i++) round_run(&shapes[i], &lab, round, count);
	}
	lab_down(&lab);
	rows_print(rounds);
}
