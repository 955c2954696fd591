/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/pool.h"
#include "store/rkey.h"
#include "store/rows.h"
#include "store/store.h"

#define EACH_COUNT	1000

mpsk_status_t mpsk_store_key_read(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key,
				  mpsk_error_t *err)
{
	mpsk_rows_t *rows = NULL;
	char row_id[MPSK_ID_MAX + 1];
	mpsk_lease_t lease;
	mpsk_rkey_t name;
	mpsk_status_t status = mpsk_store_id_check(id, err);

	*key = NULL;
	if (status != MPSK_OK) return status;
	name = mpsk_rkey_key(id);
	status = mpsk_pool_lend(store->pool, &lease, name.text, err);
	if (status != MPSK_OK) return status;
	status = mpsk_rows_get(NULL, &rows, lease.conn, name.text, lease.deadline, err);
	mpsk_pool_give_back(store->pool, &lease);
	if (status == MPSK_OK) status = mpsk_row_key(ctx, key, &rows->rows[0], row_id, err);
	talloc_free(rows);
	return status;
}

/* Show one key. */
static mpsk_status_t each_key(mpsk_row_t const *row, void const *p, void *uctx, mpsk_error_t *err)
{
	mpsk_store_key_cb_t cb = *(mpsk_store_key_cb_t const *) p;
	TALLOC_CTX *ctx = talloc_new(NULL);
	mpsk_key_t *key = NULL;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t why = { "" }, name;
	mpsk_status_t status;

	if (!ctx) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = mpsk_row_key(ctx, &key, row, id, &why);
	if (status == MPSK_OK || status == MPSK_BAD) {
		mpsk_row_label(&name, row);
		status = cb(uctx, *id ? id : name.text, key, &why);
	} else if (status == MPSK_MISS) {
		status = MPSK_OK;	/* deleted since SCAN named it */
	} else {
		mpsk_error_set(err, status, "%s", why.text);
	}
	talloc_free(ctx);
	return status;
}

/* Show one set of devices. */
static mpsk_status_t each_devices(mpsk_row_t const *row, void const *p, void *uctx, mpsk_error_t *err)
{
	mpsk_store_devices_cb_t cb = *(mpsk_store_devices_cb_t const *) p;
	TALLOC_CTX *ctx = talloc_new(NULL);
	mpsk_device_t *devices = NULL;
	size_t n = 0;
	char id[MPSK_ID_MAX + 1];
	mpsk_error_t why = { "" };
	mpsk_status_t status;

	if (!ctx) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = mpsk_row_devices(ctx, &devices, &n, row, id, &why);
	if (status == MPSK_OK || status == MPSK_BAD) {
		status = *id ? cb(uctx, id, devices, n, &why) : MPSK_OK;
	} else {
		mpsk_error_set(err, status, "%s", why.text);
	}
	talloc_free(ctx);
	return status;
}

/* The next rows; no connection is held while the callback runs, which may want one itself. */
static mpsk_status_t each_rows(mpsk_store_t *store, mpsk_walk_t *walk, mpsk_rows_t **rows, mpsk_error_t *err)
{
	mpsk_lease_t lease;
	mpsk_status_t status = mpsk_pool_lend(store->pool, &lease, NULL, err);

	if (status != MPSK_OK) return status;
	status = mpsk_rows_walk(NULL, rows, lease.conn, walk, EACH_COUNT, lease.deadline, err);
	mpsk_pool_give_back(store->pool, &lease);
	return status;
}

/* What is done with each row of a walk. */
typedef struct {
	char const		*pattern, *prefix;
	mpsk_status_t		(*row)(mpsk_row_t const *row, void const *cb, void *uctx, mpsk_error_t *err);
} each_t;

static mpsk_status_t each(mpsk_store_t *store, each_t const *how, void const *cb, void *uctx, mpsk_error_t *err)
{
	mpsk_walk_t walk = { .pattern = how->pattern };
	mpsk_status_t status = MPSK_OK;

	while (status == MPSK_OK && !walk.done) {
		mpsk_rows_t *rows = NULL;

		status = each_rows(store, &walk, &rows, err);
		for (size_t i = 0; status == MPSK_OK && i < rows->n; i++) {
			mpsk_row_t const *row = &rows->rows[i];

			/* As sync does: a server that gives names that were not asked for gave no key. */
			if (!mpsk_rkey_has_prefix(row->name, row->name_len, how->prefix)) continue;
			status = how->row(row, cb, uctx, err);
		}
		talloc_free(rows);
	}
	return status;
}

mpsk_status_t mpsk_store_key_each(mpsk_store_t *store, mpsk_store_key_cb_t cb, void *uctx, mpsk_error_t *err)
{
	static each_t const how = { MPSK_RKEY_KEY_PREFIX "*", MPSK_RKEY_KEY_PREFIX, each_key };

	return each(store, &how, &cb, uctx, err);
}

mpsk_status_t mpsk_store_devices_each(mpsk_store_t *store, mpsk_store_devices_cb_t cb, void *uctx, mpsk_error_t *err)
{
	static each_t const how = { MPSK_RKEY_DEV_PREFIX "*", MPSK_RKEY_DEV_PREFIX, each_devices };

	return each(store, &how, &cb, uctx, err);
}
