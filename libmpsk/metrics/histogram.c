/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics/histogram.h"

mpsk_histogram_bound_t const mpsk_histogram_bounds[] = {
	{ 10000, "0.00001" },
	{ 25000, "0.000025" },
	{ 50000, "0.00005" },
	{ 100000, "0.0001" },
	{ 250000, "0.00025" },
	{ 500000, "0.0005" },
	{ 1000000, "0.001" },
	{ 2500000, "0.0025" },
	{ 5000000, "0.005" },
	{ 10000000, "0.01" },
	{ 25000000, "0.025" },
	{ 50000000, "0.05" },
	{ 100000000, "0.1" },
	{ 250000000, "0.25" },
	{ 500000000, "0.5" },
	{ 1000000000, "1" },
};

_Static_assert(sizeof(mpsk_histogram_bounds) / sizeof(mpsk_histogram_bounds[0]) == MPSK_HISTOGRAM_BOUNDS,
	       "as many as the header says");

char const *mpsk_histogram_le(unsigned bucket)
{
	return bucket < MPSK_HISTOGRAM_BOUNDS ? mpsk_histogram_bounds[bucket].le : "+Inf";
}

void mpsk_histogram_note(mpsk_count_t *slots, uint64_t ns)
{
	unsigned i = 0;

	while (i < MPSK_HISTOGRAM_BOUNDS && ns > mpsk_histogram_bounds[i].ns) i++;
	mpsk_count_add(&slots[i], 1);
	mpsk_count_add(&slots[MPSK_HISTOGRAM_BOUNDS + 1], ns);
}

double mpsk_histogram_quantile(uint64_t const counts[static MPSK_HISTOGRAM_BOUNDS + 1], double share)
{
	uint64_t all = 0, before = 0;
	double rank, from = 0;

	for (unsigned i = 0; i <= MPSK_HISTOGRAM_BOUNDS; i++) all += counts[i];
	rank = share * (double) all;
	for (unsigned i = 0; all && i < MPSK_HISTOGRAM_BOUNDS; i++) {
		double to = (double) mpsk_histogram_bounds[i].ns / 1e9;

		if (counts[i] && (double) (before + counts[i]) >= rank) {
			return from + (to - from) * (rank - (double) before) / (double) counts[i];
		}
		before += counts[i];
		from = to;
	}
	/* Of what took longer than the last bound no more is known. */
	return all ? from : 0;
}
