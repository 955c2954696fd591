/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "match_make.h"

#define TABLE_MAX 8

/* A copy of the table, to break; returns how many rows have lanes. */
static size_t table_copy(mpsk_kernel_t table[static TABLE_MAX])
{
	size_t n = 0;

	while (mpsk_kernels[n].lanes > 1) n++;
	assert_in_range(n + 1, 2, TABLE_MAX);
	memcpy(table, mpsk_kernels, (n + 1) * sizeof(table[0]));
	return n;
}

/* The first row of the table, from this one on, that the machine runs. */
static mpsk_kernel_t const *running(mpsk_kernel_t const *kernel)
{
	while (!kernel_runs(kernel)) kernel++;
	return kernel;
}

static bool never(void)
{
	return false;
}

static size_t scan_blind(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
			 uint32_t *candidates)
{
	(void) match;
	(void) blocks;
	memset(candidates, 0, n * sizeof(*candidates));
	return n;
}

static size_t scan_credulous(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
			     uint32_t *candidates)
{
	(void) match;
	(void) blocks;
	memset(candidates, 0xff, n * sizeof(*candidates));
	return n;
}

static void pbkdf2_one_wrong(mpsk_pbkdf2_lanes_t *lanes, size_t n)
{
	mpsk_pbkdf2_lanes_4(lanes, n);
	lanes->sum[1][2][n - 1] ^= 1;
}

static void test_every_kernel_passes_its_test(void **state)
{
	(void) state;
	EACH_KERNEL(kernel) assert_true(mpsk_kernel_test(kernel));
}

static void test_the_best_is_chosen(void **state)
{
	mpsk_kernel_t table[TABLE_MAX];
	mpsk_kernel_choice_t choice = mpsk_kernels_choose(mpsk_kernels, NULL);
	size_t n = table_copy(table);

	(void) state;
	assert_ptr_equal(choice.kernel, running(mpsk_kernels));
	assert_null(choice.skipped);
	/* What the machine does not have is not tried, and no fault. */
	for (size_t i = 0; i < n; i++) {
		table[i].supported = never;
		table[i].scan[0] = scan_blind;
		choice = mpsk_kernels_choose(table, NULL);
		assert_ptr_equal(choice.kernel, running(table));
		assert_null(choice.skipped);
	}
	assert_string_equal(choice.kernel->name, "scalar");
}

/* AES that finds no candidate. */
static uint32_t cmac_blind(mpsk_match_cmac_t const *cmac,
			   uint32_t const kck[static MPSK_MATCH_KCK_WORDS][2 * MPSK_MATCH_LANES],
			   mpsk_match_cmac_work_t *work)
{
	(void) cmac;
	(void) kck;
	(void) work;
	return 0;
}

static mpsk_match_cmac_kernel_t *cmac_broken(void)
{
	return cmac_blind;
}

/* One fault after the other: each way of the scan, blind and credulous, AES, PBKDF2. */
#define FAULTS (2 * MPSK_WAYS + 2)
static void fault_make(mpsk_kernel_t *kernel, size_t fault)
{
	if (fault < 2 * MPSK_WAYS) kernel->scan[fault / 2] = fault % 2 ? scan_blind : scan_credulous;
	else if (fault == 2 * MPSK_WAYS) kernel->cmac = cmac_broken;
	else kernel->pbkdf2 = pbkdf2_one_wrong;
}

/* Without AES, PSK-SHA256 is libcrypto's whatever the lanes make of it. */
static bool is_used(mpsk_kernel_t const *kernel, size_t fault)
{
	return fault / 2 != MPSK_WAY_PSK_SHA256 || kernel->cmac();
}

static void test_one_that_fails_is_passed_over(void **state)
{
	mpsk_kernel_t table[TABLE_MAX];

	(void) state;
	for (size_t fault = 0; fault < FAULTS; fault++) {
		size_t n = table_copy(table);
		mpsk_kernel_t const *best = running(table);

		if (!is_used(best, fault)) continue;
		/* In one row after the other, until none with lanes is left. */
		for (size_t i = 0; i < n; i++) {
			mpsk_kernel_choice_t choice;

			fault_make(&table[i], fault);
			choice = mpsk_kernels_choose(table, NULL);
			if (&table[i] < best) continue;
			assert_ptr_equal(choice.kernel, running(&table[i + 1]));
			assert_ptr_equal(choice.skipped, best);
		}
	}
}

static mpsk_match_cmac_kernel_t *cmac_none(void)
{
	return NULL;
}

static void test_a_machine_without_aes_keeps_its_kernel(void **state)
{
	mpsk_kernel_t table[TABLE_MAX];
	size_t n = table_copy(table);

	(void) state;
	for (size_t i = 0; i < n; i++) table[i].cmac = cmac_none;
	assert_ptr_equal(mpsk_kernels_choose(table, NULL).kernel, running(table));
}

static void test_a_name_leaves_out_the_better_ones(void **state)
{
	mpsk_kernel_t const *kernel = mpsk_kernels;

	(void) state;
	do {
		mpsk_kernel_choice_t choice = mpsk_kernels_choose(mpsk_kernels, kernel->name);

		assert_ptr_equal(choice.kernel, running(kernel));
		assert_null(choice.skipped);
	} while ((kernel++)->lanes > 1);
	assert_ptr_equal(mpsk_kernels_choose(mpsk_kernels, "nonesuch").kernel, running(mpsk_kernels));
}

/* The choice is made once for a process, so that each name has one of its own. */
static void test_the_environment_names_one(void **state)
{
	mpsk_kernel_t const *kernel = mpsk_kernels;

	(void) state;
	do {
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0) {
			char const *skipped = "";
			bool right = setenv("MPSK_KERNEL", kernel->name, 1) == 0 &&
				     strcmp(mpsk_match_kernel_name(&skipped), running(kernel)->name) == 0 && !skipped;

			_exit(right ? 0 : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	} while ((kernel++)->lanes > 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_every_kernel_passes_its_test),
		cmocka_unit_test(test_the_best_is_chosen),
		cmocka_unit_test(test_one_that_fails_is_passed_over),
		cmocka_unit_test(test_a_machine_without_aes_keeps_its_kernel),
		cmocka_unit_test(test_a_name_leaves_out_the_better_ones),
		cmocka_unit_test(test_the_environment_names_one),
	};

	return cmocka_run_group_tests_name("match/kernels", tests, NULL, NULL);
}
