/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stats.h"

#include "store/stat.h"

static mpsk_status_t take(void *uctx, char const *server, mpsk_field_t const *fields, size_t n)
{
	mpsk_samples_t *samples = uctx;

	if (mpsk_samples_add(samples, ctl_need(talloc_strdup(samples->ctx, server)), fields, n) != MPSK_OK)
		ctl_need(NULL);
	return MPSK_OK;
}

mpsk_status_t ctl_stats_take(ctl_t *ctl, TALLOC_CTX *mem, mpsk_samples_t *samples, mpsk_error_t *err)
{
	mpsk_status_t status;

	*samples = (mpsk_samples_t) { .ctx = mem };
	status = mpsk_store_stat_each(ctl->store, take, samples, err);
	if (status == MPSK_OK) mpsk_samples_sort(samples);
	return status;
}

ctl_exit_t ctl_stats_read(ctl_t *ctl, TALLOC_CTX *mem, mpsk_samples_t *samples)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = ctl_stats_take(ctl, mem, samples, &err);

	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "%s", err.text);
}
