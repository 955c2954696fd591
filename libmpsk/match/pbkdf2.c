/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/pbkdf2.h"
#include "match/words.h"

#include <string.h>

#include "base/secret.h"
#include "match/kernel.h"

/* Jobs on their way through the lanes, and what they go through with. */
typedef struct {
	mpsk_kernel_t const	*kernel;
	size_t			n;
	mpsk_pbkdf2_job_t	*jobs[MPSK_MATCH_LANES];
	mpsk_pbkdf2_lanes_t	lanes;
} batch_t;

/* U1 of both halves: HMAC(passphrase, SSID || INT(half)). */
static void lane_begin(mpsk_pbkdf2_lanes_t *lanes, size_t lane, wpa_psk_t const *psk, mpsk_ssid_t const *ssid)
{
	uint32_t key[MPSK_SHA1_KEY_WORDS], u[MPSK_SHA1_WORDS];
	uint8_t salt[MPSK_SSID_MAX + 4] = { 0 };

	mpsk_sha1_hmac_key(key, psk->octets, psk->len);
	for (unsigned i = 0; i < MPSK_SHA1_KEY_WORDS; i++) lanes->key[i][lane] = key[i];
	memcpy(salt, ssid->octets, ssid->len);
	for (unsigned half = 0; half < MPSK_PBKDF2_HALVES; half++) {
		salt[ssid->len + 3] = (uint8_t) (half + 1);
		mpsk_sha1_hmac_short(u, key, salt, ssid->len + 4u);
		for (unsigned i = 0; i < MPSK_SHA1_WORDS; i++) lanes->sum[half][i][lane] = u[i];
	}
	mpsk_secret_wipe(key, sizeof(key));
	mpsk_secret_wipe(u, sizeof(u));
}

/* The first 32 octets of the two halves. */
static void lane_end(wpa_pmk_t *pmk, mpsk_pbkdf2_lanes_t const *lanes, size_t lane)
{
	for (unsigned i = 0; i < WPA_PMK_LEN / 4; i++) {
		mpsk_words_print(pmk->octets + 4 * i, &lanes->sum[i / MPSK_SHA1_WORDS][i % MPSK_SHA1_WORDS][lane], 1);
	}
}

static void batch_run(batch_t *batch)
{
	for (size_t i = 0; i < batch->n; i++) lane_begin(&batch->lanes, i, batch->jobs[i]->psk, batch->jobs[i]->ssid);
	batch->kernel->pbkdf2(&batch->lanes, batch->n);
	for (size_t i = 0; i < batch->n; i++) lane_end(&batch->jobs[i]->pmk, &batch->lanes, i);
	batch->n = 0;
}

static mpsk_status_t derive_in_lanes(mpsk_pbkdf2_job_t *jobs, size_t n, mpsk_kernel_t const *kernel)
{
	batch_t batch = { .kernel = kernel };
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < n && status == MPSK_OK; i++) {
		if (wpa_psk_is_pmk(jobs[i].psk)) {
			status = wpa_pmk_derive(&jobs[i].pmk, jobs[i].psk, jobs[i].ssid);
			continue;
		}
		batch.jobs[batch.n++] = &jobs[i];
		if (batch.n == MPSK_MATCH_LANES) batch_run(&batch);
	}
	if (status == MPSK_OK && batch.n > 0) batch_run(&batch);
	mpsk_secret_wipe(&batch, sizeof(batch));
	return status;
}

static mpsk_status_t derive_one_by_one(mpsk_pbkdf2_job_t *jobs, size_t n)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < n && status == MPSK_OK; i++) {
		status = wpa_pmk_derive(&jobs[i].pmk, jobs[i].psk, jobs[i].ssid);
	}
	return status;
}

mpsk_status_t mpsk_pbkdf2_derive_by(mpsk_pbkdf2_job_t *jobs, size_t n, mpsk_kernel_t const *kernel)
{
	mpsk_status_t status = kernel->pbkdf2 ? derive_in_lanes(jobs, n, kernel) : derive_one_by_one(jobs, n);

	for (size_t i = 0; status != MPSK_OK && i < n; i++) mpsk_secret_wipe(&jobs[i].pmk, sizeof(jobs[i].pmk));
	return status;
}

mpsk_status_t mpsk_pbkdf2_derive(mpsk_pbkdf2_job_t *jobs, size_t n)
{
	return mpsk_pbkdf2_derive_by(jobs, n, mpsk_kernels_get()->kernel);
}

size_t mpsk_pbkdf2_batch(void)
{
	return mpsk_kernels_get()->kernel->lanes;
}
