/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <time.h>

#include "asker.h"
#include "bench.h"
#include "keys.h"
#include "rows.h"

#define KEYS		1000000
#define QUICK_KEYS	100

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

void bench_ready(void)
{
	size_t const keys = bench_quick ? QUICK_KEYS : KEYS;
	static asker_t asker;
	double begin, ready, cpu;
	size_t empty, full, peak;
	lab_t lab;

	lab_up(&lab, LAB_MPSK, NULL);
	asker_key_add(&lab);
	asker_set(&asker, &lab);
	asker_await_ready(&asker);
	empty = lab_radius_resident(&lab, false);
	lab_radius_stop(&lab);
	keys_fill(&lab, ASKER_SSID, keys);

	begin = now();
	lab_radius_start(&lab);
	asker_await_ready(&asker);
	ready = now() - begin;
	cpu = lab_radius_cpu(&lab);
	full = lab_radius_resident(&lab, false);
	peak = lab_radius_resident(&lab, true);
	lab_down(&lab);

	rows_section("From the start of radiusd to its first key found", "seconds");
	rows_figure(ready, "%zu keys with PMKs", keys);
	rows_figure(cpu, "%zu keys, CPU of radiusd", keys);
	rows_section("Memory of radiusd over that with an empty store", "MB");
	rows_figure(((double) full - (double) empty) * 1e-6, "%zu keys", keys);
	rows_figure(((double) peak - (double) empty) * 1e-6, "%zu keys, at its peak", keys);
}
