/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab.h"
#include "rows.h"

static char const usage[] =
	"usage: bench [--json] [--large] [--only PART]... [--quick]\n"
	"Measure how fast handshakes are matched, PMKs derived and devices let in, beside plain OpenSSL and a bare\n"
	"server in the same run.\n"
	"  --json       print JSON\n"
	"  --large      measure with 1,000,000 keys too, index and server: two minutes more, and 2 GB of memory\n"
	"  --only PART  leave out the others; may be given more than once\n"
	"                 match   candidates a second, of each kernel\n"
	"                 pbkdf2  PMKs from passphrases\n"
	"                 index   whole searches\n"
	"                 server  known devices through FreeRADIUS\n"
	"                 dialects the same in every access point's dialect\n"
	"                 flood   the same while wrong handshakes come\n"
	"                 refused what it costs to tell Redis of refused devices\n"
	"                 effect  how soon an edit of a key is in force\n"
	"                 ready   with --large: the start of the server, and its memory\n"
	"  --quick      tiny sizes: see that it runs; the figures mean nothing\n"
	"server, dialects, flood, refused, effect and ready start a FreeRADIUS and a Redis of their own.\n"
	"MPSK_KERNEL=avx2 (sse2, neon, scalar) in the environment takes that kernel for the index and the server.\n"
	"Example, in the build tree:\n"
	"  make -s bench BENCH_ARGS='--only server --only flood --json'\n";

bool bench_quick;
static bool large;

static void index_all(void)
{
	bench_index(large);
}

static struct {
	char const	*name;
	void		(*run)(void);
	bool		large;		/* only with --large */
	bool		chosen;
} parts[] = {
	{ .name = "match", .run = bench_match },
	{ .name = "pbkdf2", .run = bench_pbkdf2 },
	{ .name = "index", .run = index_all },
	{ .name = "server", .run = bench_server },
	{ .name = "dialects", .run = bench_dialects },
	{ .name = "flood", .run = bench_flood },
	{ .name = "refused", .run = bench_refused },
	{ .name = "effect", .run = bench_effect },
	{ .name = "ready", .run = bench_ready, .large = true },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

void bench_assert(bool so, char const *what)
{
	if (so) return;
	fflush(stdout);
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static int wrong_usage(void)
{
	fputs(usage, stderr);
	return 2;
}

static bool part_choose(char const *name)
{
	for (size_t i = 0; i < PARTS; i++) {
		if (strcmp(parts[i].name, name) != 0) continue;
		parts[i].chosen = true;
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	static struct option const options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "large", no_argument, NULL, 'l' },
		{ "only", required_argument, NULL, 'o' },
		{ "quick", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool json = false, all = true;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (c) {
		case 'j':	json = true; break;
		case 'l':	large = true; break;
		case 'o':	if (!part_choose(optarg)) return wrong_usage(); all = false; break;
		case 'q':	bench_quick = true; break;
		case 'h':	fputs(usage, stdout); return 0;
		default:	return wrong_usage();
		}
	}
	if (optind < argc) return wrong_usage();
	labs_begin();
	rows_begin(json);
	for (size_t i = 0; i < PARTS; i++) {
		if ((all || parts[i].chosen) && (large || !parts[i].large)) parts[i].run();
	}
	rows_end();
	return 0;
}
