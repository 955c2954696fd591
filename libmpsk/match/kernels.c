/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "match/kernel.h"

#if defined(__x86_64__)
static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f");
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}
#define BASELINE "sse2"
#elif defined(__aarch64__)
#define BASELINE "neon"
#else
#define BASELINE "generic"	/* the compiler makes of it what the machine has */
#endif

mpsk_kernel_t const mpsk_kernels[] = {
#if defined(__x86_64__)
	{ "avx512",	16,	has_avx512,	mpsk_scan_lanes_16,	mpsk_pbkdf2_lanes_16 },
	{ "avx2",	8,	has_avx2,	mpsk_scan_lanes_8,	mpsk_pbkdf2_lanes_8 },
#endif
	{ BASELINE,	4,	NULL,		mpsk_scan_lanes_4,	mpsk_pbkdf2_lanes_4 },
	{ "scalar",	1,	NULL,		NULL,			NULL },
};

static bool is_last(mpsk_kernel_t const *kernel)
{
	return !kernel->scan;
}

static mpsk_kernel_t const *named(mpsk_kernel_t const *table, char const *name)
{
	mpsk_kernel_t const *kernel = table;

	while (name && strcmp(kernel->name, name) != 0) {
		if (is_last(kernel)) return table;
		kernel++;
	}
	return kernel;
}

mpsk_kernel_choice_t mpsk_kernels_choose(mpsk_kernel_t const *table, char const *from)
{
	mpsk_kernel_choice_t choice = { .kernel = named(table, from) };

	for (; !is_last(choice.kernel); choice.kernel++) {
		if (choice.kernel->supported && !choice.kernel->supported()) continue;
		if (mpsk_kernel_test(choice.kernel)) break;
		if (!choice.skipped) choice.skipped = choice.kernel;
	}
	return choice;
}

static mpsk_kernel_choice_t chosen;
static pthread_once_t chosen_once = PTHREAD_ONCE_INIT;

static void choose(void)
{
	chosen = mpsk_kernels_choose(mpsk_kernels, secure_getenv("MPSK_KERNEL"));
}

mpsk_kernel_choice_t const *mpsk_kernels_get(void)
{
	pthread_once(&chosen_once, choose);
	return &chosen;
}
