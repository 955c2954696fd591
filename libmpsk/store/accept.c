/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "store/change.h"
#include "store/checkup.h"
#include "store/meta.h"
#include "store/meta.lua.h"
#include "store/pool.h"
#include "store/rkey.h"
#include "store/store.h"

static mpsk_status_t accept_write(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	mpsk_meta_t meta;

	return mpsk_meta_write(&meta, conn, uctx, true, "", deadline, err);
}

mpsk_status_t mpsk_store_accept(mpsk_store_t *store, mpsk_error_t *err)
{
	mpsk_script_t script;

	mpsk_status_t status;

	mpsk_script_init(&script, MPSK_META_LUA);
	status = mpsk_pool_run(store->pool, MPSK_RKEY_META, accept_write, &script, err);
	if (status == MPSK_OK) mpsk_change_tell(store, &(mpsk_change_t) { .kind = MPSK_CHANGE_ACCEPTED, .org = "" });
	return status;
}

mpsk_status_t mpsk_store_readable(mpsk_store_t *store, mpsk_error_t *err)
{
	int64_t schema = 0;
	char *text = NULL;
	mpsk_status_t status = mpsk_store_meta(store, NULL, "schema", &text, err);

	if (status == MPSK_AGAIN || status == MPSK_ERR) return status;
	/* What is no number, and what we may not read, is for `mpskctl doctor` to tell. */
	if (status == MPSK_OK && !mpsk_number_parse(&schema, text, strlen(text))) schema = 0;
	talloc_free(text);
	return mpsk_meta_readable(schema, err);
}
