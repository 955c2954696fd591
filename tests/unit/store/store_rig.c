/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

redis_t redis;
mpsk_store_t *store;
TALLOC_CTX *ctx;

int store_start(void **state)
{
	mpsk_store_config_t config = mpsk_store_defaults;
	mpsk_error_t err = { "" };

	(void) state;
	redis_start(&redis);
	config.uri = redis.uri;
	config.connect_ms = config.command_ms = 10000;
	config.retry_ms = 0;
	if (mpsk_store_create(NULL, &store, &config, &err) != MPSK_OK) fail_msg("%s", err.text);
	return 0;
}

int store_stop(void **state)
{
	(void) state;
	talloc_free(store);
	redis_stop(&redis);
	return 0;
}

int store_fresh(void **state)
{
	(void) state;
	redis_do(&redis, "FLUSHALL");
	ctx = talloc_new(NULL);
	return 0;
}

int store_clean(void **state)
{
	(void) state;
	talloc_free(ctx);
	return 0;
}
