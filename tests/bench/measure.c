/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "measure.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES_MIN	11
#define SAMPLES_MAX	10000

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

static int double_compare(void const *a, void const *b)
{
	double x = *(double const *) a, y = *(double const *) b;

	return (x > y) - (x < y);
}

static double median(double *samples, size_t n)
{
	qsort(samples, n, sizeof(*samples), double_compare);
	return samples[n / 2];
}

static double slice_rate(measure_work_t work, void *uctx, double seconds)
{
	double begin = now(), spent;
	size_t units = 0;

	do {
		units += work(uctx);
		spent = now() - begin;
	} while (spent < seconds);
	return (double) units / spent;
}

measure_rates_t measure_compare(measure_work_t baseline, measure_work_t work, void *uctx, unsigned slice_ms,
				unsigned rounds)
{
	static double before[SAMPLES_MAX], after[SAMPLES_MAX], ratio[SAMPLES_MAX];
	double seconds = slice_ms * 1e-3;

	if (rounds > SAMPLES_MAX) rounds = SAMPLES_MAX;
	for (unsigned i = 0; i < rounds; i++) {
		before[i] = slice_rate(baseline, uctx, seconds);
		after[i] = slice_rate(work, uctx, seconds);
		ratio[i] = after[i] / before[i];
	}
	return (measure_rates_t) { median(before, rounds), median(after, rounds), median(ratio, rounds) };
}

double measure_seconds(measure_work_t work, void *uctx, unsigned total_ms)
{
	static double samples[SAMPLES_MAX];
	double begin = now(), last = begin;
	size_t n = 0;

	while (n < SAMPLES_MIN || (n < SAMPLES_MAX && last - begin < total_ms * 1e-3)) {
		size_t units = work(uctx);
		double here = now();

		samples[n++] = (here - last) / (double) units;
		last = here;
	}
	return median(samples, n);
}

size_t measure_resident(void)
{
	FILE *file;
	size_t pages = 0;

	/* What was freed goes back to the system first, or what is measured next would live on it. */
	malloc_trim(0);
	file = fopen("/proc/self/statm", "r");
	if (file && fscanf(file, "%*s %zu", &pages) != 1) pages = 0;
	if (file) fclose(file);
	return pages * (size_t) sysconf(_SC_PAGESIZE);
}
