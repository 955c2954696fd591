/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hex.h"
#include "match_make.h"
#include "match/pbkdf2.h"

#define JOBS_MAX 56	/* passphrases of 8 to 63 octets */

static wpa_psk_t psks[JOBS_MAX];
static mpsk_ssid_t ssids[JOBS_MAX];
static mpsk_pbkdf2_job_t jobs[JOBS_MAX];
static wpa_pmk_t expected[JOBS_MAX];

/* Random passphrases of every length, for SSIDs of 0 to 32 octets, by OpenSSL. */
static int load(void **state)
{
	(void) state;
	for (size_t i = 0; i < JOBS_MAX; i++) {
		psks[i].len = (uint8_t) (WPA_PASSPHRASE_MIN + i);
		random_fill(psks[i].octets, psks[i].len);
		ssids[i].len = (uint8_t) (i % (MPSK_SSID_MAX + 1));
		if (ssids[i].len) random_fill(ssids[i].octets, ssids[i].len);
		if (PKCS5_PBKDF2_HMAC((char const *) psks[i].octets, psks[i].len, ssids[i].octets, ssids[i].len, 4096,
				      EVP_sha1(), WPA_PMK_LEN, expected[i].octets) != 1) {
			return -1;
		}
	}
	return 0;
}

static void jobs_set(void)
{
	for (size_t i = 0; i < JOBS_MAX; i++) jobs[i] = (mpsk_pbkdf2_job_t) { .psk = &psks[i], .ssid = &ssids[i] };
}

static void test_every_kernel_derives_as_openssl(void **state)
{
	(void) state;
	EACH_KERNEL(kernel) {
		jobs_set();
		assert_int_equal(mpsk_pbkdf2_derive_by(jobs, JOBS_MAX, kernel), MPSK_OK);
		for (size_t i = 0; i < JOBS_MAX; i++) assert_memory_equal(&jobs[i].pmk, &expected[i], WPA_PMK_LEN);
	}
	jobs_set();
	assert_int_equal(mpsk_pbkdf2_derive(jobs, 3), MPSK_OK);
	for (size_t i = 0; i < 3; i++) assert_memory_equal(&jobs[i].pmk, &expected[i], WPA_PMK_LEN);
}

static void test_any_number_of_jobs(void **state)
{
	static wpa_pmk_t const untouched;

	(void) state;
	EACH_KERNEL(kernel) {
		for (size_t n = 0; n <= MPSK_MATCH_LANES + 1; n += n < 5 ? 1 : 4) {
			jobs_set();
			assert_int_equal(mpsk_pbkdf2_derive_by(jobs, n, kernel), MPSK_OK);
			for (size_t i = 0; i < n; i++) assert_memory_equal(&jobs[i].pmk, &expected[i], WPA_PMK_LEN);
			assert_memory_equal(&jobs[n].pmk, &untouched, WPA_PMK_LEN);
		}
	}
}

/* IEEE 802.11-2020, annex J.4.2; and hex digits among passphrases are the PMK. */
static void test_vectors_of_the_standard(void **state)
{
	static struct {
		char const	*psk, *ssid, *pmk;
	} const vectors[] = {
		{ "password", "IEEE", "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e" },
		{ "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af", "Acme",
		  "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af" },
		{ "ThisIsAPassword", "ThisIsASSID",
		  "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
		  "becb93866bb8c3832cb777c2f559807c8c59afcb6eae734885001300a981cc62" },
	};
	size_t n = sizeof(vectors) / sizeof(vectors[0]);
	mpsk_kernel_t const *kernel = mpsk_kernels;

	(void) state;
	do {
		if (!kernel_runs(kernel)) continue;
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(wpa_psk_set(&psks[i], vectors[i].psk, strlen(vectors[i].psk), NULL), MPSK_OK);
			assert_true(mpsk_ssid_set(&ssids[i], vectors[i].ssid, strlen(vectors[i].ssid)));
		}
		jobs_set();
		assert_int_equal(mpsk_pbkdf2_derive_by(jobs, n, kernel), MPSK_OK);
		for (size_t i = 0; i < n; i++) {
			char hex[2 * WPA_PMK_LEN + 1];

			mpsk_hex_encode(hex, jobs[i].pmk.octets, WPA_PMK_LEN);
			assert_string_equal(hex, vectors[i].pmk);
		}
	} while ((kernel++)->lanes > 1);
}

static void test_one_failure_leaves_no_pmk(void **state)
{
	static wpa_pmk_t const wiped;

	(void) state;
	EACH_KERNEL(kernel) {
		jobs_set();
		/* No such PSK gets past wpa_psk_set(). */
		psks[17] = (wpa_psk_t) { .len = WPA_PSK_MAX, .octets = "no hex" };
		assert_int_equal(mpsk_pbkdf2_derive_by(jobs, 20, kernel), MPSK_ERR);
		for (size_t i = 0; i < 20; i++) assert_memory_equal(&jobs[i].pmk, &wiped, WPA_PMK_LEN);
	}
}

static void test_a_batch_is_what_the_kernel_takes(void **state)
{
	(void) state;
	assert_int_equal(mpsk_pbkdf2_batch(), mpsk_kernels_get()->kernel->lanes);
	assert_in_range(mpsk_pbkdf2_batch(), 1, MPSK_MATCH_LANES);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_every_kernel_derives_as_openssl),
		cmocka_unit_test(test_any_number_of_jobs),
		cmocka_unit_test(test_vectors_of_the_standard),
		cmocka_unit_test(test_one_failure_leaves_no_pmk),
		cmocka_unit_test(test_a_batch_is_what_the_kernel_takes),
	};

	return cmocka_run_group_tests_name("match/pbkdf2", tests, load, NULL);
}
