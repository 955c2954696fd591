/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "rows.h"

static char const usage[] =
	"usage: bench [--json] [--large]\n"
	"Measure how fast handshakes are matched and PMKs derived, beside plain OpenSSL in the same run.\n"
	"  --json   print JSON\n"
	"  --large  measure an index of 1,000,000 keys too\n"
	"MPSK_KERNEL=avx2 (sse2, neon, scalar) in the environment takes that kernel for the index.\n";

void bench_assert(bool so, char const *what)
{
	if (so) return;
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

int main(int argc, char **argv)
{
	static struct option const options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "large", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool json = false, large = false;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (c) {
		case 'j':	json = true; break;
		case 'l':	large = true; break;
		case 'h':	fputs(usage, stdout); return 0;
		default:	fputs(usage, stderr); return 2;
		}
	}
	rows_begin(json);
	bench_match();
	bench_pbkdf2();
	bench_index(large);
	rows_end();
	return 0;
}
