/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "match/kernel.h"

/* The PMKs' lanes by their number. */
#define LANES(_n) \
	{ \
		[MPSK_WAY_HMAC_SHA1] = mpsk_hmac_sha1_lanes_##_n, \
		[MPSK_WAY_HMAC_MD5] = mpsk_hmac_md5_lanes_##_n, \
		[MPSK_WAY_PSK_SHA256] = mpsk_psk_sha256_lanes_##_n, \
		[MPSK_WAY_FT] = mpsk_ft_lanes_##_n, \
	}

#if defined(__x86_64__)
#include <cpuid.h>

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f");
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool vaes;
static pthread_once_t vaes_once = PTHREAD_ONCE_INIT;

static void vaes_ask(void)
{
	unsigned eax, ebx, ecx = 0, edx;

	vaes = __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && ecx & bit_VAES;
}

/* Compilers do not all know its name; and to ask takes long where a hypervisor answers. */
static bool has_vaes(void)
{
	pthread_once(&vaes_once, vaes_ask);
	return vaes;
}

mpsk_match_cmac_kernel_t *mpsk_cmac_1(void)
{
	return __builtin_cpu_supports("aes") && __builtin_cpu_supports("avx") ? mpsk_cmac_aes_1 : NULL;
}

static mpsk_match_cmac_kernel_t *cmac_2(void)
{
	return has_vaes() ? mpsk_cmac_aes_2 : mpsk_cmac_1();
}

static mpsk_match_cmac_kernel_t *cmac_4(void)
{
	return has_vaes() && __builtin_cpu_supports("avx512bw") ? mpsk_cmac_aes_4 : mpsk_cmac_1();
}
#define BASELINE "sse2"
#else
mpsk_match_cmac_kernel_t *mpsk_cmac_1(void)
{
	return NULL;
}
#if defined(__aarch64__)
#define BASELINE "neon"
#else
#define BASELINE "generic"	/* the compiler makes of it what the machine has */
#endif
#endif

mpsk_kernel_t const mpsk_kernels[] = {
#if defined(__x86_64__)
	{ "avx512",	16,	has_avx512,	LANES(16),	cmac_4,		mpsk_pbkdf2_lanes_16 },
	{ "avx2",	8,	has_avx2,	LANES(8),	cmac_2,		mpsk_pbkdf2_lanes_8 },
#endif
	{ BASELINE,	4,	NULL,		LANES(4),	mpsk_cmac_1,	mpsk_pbkdf2_lanes_4 },
	{ "scalar",	1,	NULL,		{ NULL },	NULL,		NULL },
};

static bool is_last(mpsk_kernel_t const *kernel)
{
	return kernel->lanes == 1;
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
