/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "store/again.h"
#include "store/nas.h"
#include "store_rig.h"

static mpsk_error_t err;

#define FIELD(_name, _value) { .name = _name, .name_len = strlen(_name), .value = _value, .value_len = strlen(_value) }

static void test_write_and_read(void **state)
{
	mpsk_field_t const fields[] = { FIELD("site", "hq"), FIELD("secret", "testing123") };
	mpsk_field_t const removal[] = { { .name = "site", .name_len = 4 } };
	mpsk_field_t const wrong[] = { FIELD("site", "lab"), FIELD("coa_port", "x") };
	mpsk_field_t const all[] = { { .name = "secret", .name_len = 6 }, { .name = "site", .name_len = 4 } };
	mpsk_nas_row_t *nas;

	(void) state;
	assert_int_equal(mpsk_store_nas_read(store, ctx, "ap 1", &nas, &err), MPSK_MISS);
	assert_int_equal(mpsk_store_nas_write(store, "ap 1", fields, 2, &err), MPSK_OK);
	assert_int_equal(mpsk_store_nas_read(store, ctx, "ap 1", &nas, &err), MPSK_OK);
	assert_int_equal(nas->n, 2);
	assert_string_equal(nas->id, "ap 1");
	assert_string_equal(mpsk_nas_row_field(nas, "site")->value, "hq");
	assert_string_equal(mpsk_nas_row_field(nas, "secret")->value, "testing123");
	assert_null(mpsk_nas_row_field(nas, "org"));

	assert_int_equal(mpsk_store_nas_write(store, "ap 1", wrong, 2, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "coa_port: "));
	assert_int_equal(mpsk_store_nas_write(store, "ap 1", removal, 1, &err), MPSK_OK);
	assert_int_equal(mpsk_store_nas_read(store, ctx, "ap 1", &nas, &err), MPSK_OK);
	assert_int_equal(nas->n, 1);
	assert_int_equal(mpsk_store_nas_write(store, "ap 1", all, 2, &err), MPSK_OK);
	assert_int_equal(mpsk_store_nas_read(store, ctx, "ap 1", &nas, &err), MPSK_MISS);
	assert_int_equal(mpsk_store_nas_write(store, "", fields, 2, &err), MPSK_BAD);
	redis_do(&redis, "SET mpsk:cfg:nas:x y");
	assert_int_equal(mpsk_store_nas_write(store, "x", fields, 2, &err), MPSK_BAD);
	assert_int_equal(mpsk_store_nas_read(store, ctx, "x", &nas, &err), MPSK_BAD);
}

static void test_delete(void **state)
{
	(void) state;
	redis_do(&redis, "HSET mpsk:cfg:nas:ap site hq");
	assert_int_equal(mpsk_store_nas_delete(store, "ap", &err), MPSK_OK);
	assert_int_equal(mpsk_store_nas_delete(store, "ap", &err), MPSK_MISS);
}

static mpsk_status_t count(void *uctx, char const *id, mpsk_nas_row_t const *nas, mpsk_error_t const *why)
{
	size_t *n = uctx;

	if (strcmp(id, "wrong") == 0) {
		assert_null(nas);
		assert_true(why->text[0] != '\0');
	} else {
		assert_non_null(mpsk_nas_row_field(nas, "site"));
	}
	(*n)++;
	return MPSK_OK;
}

static void test_each(void **state)
{
	size_t n = 0;

	(void) state;
	redis_do(&redis, "HSET mpsk:cfg:nas:one site hq");
	redis_do(&redis, "HSET mpsk:cfg:nas:two site lab");
	redis_do(&redis, "SET mpsk:cfg:nas:wrong x");
	assert_int_equal(mpsk_store_nas_each(store, count, &n, &err), MPSK_OK);
	assert_int_equal(n, 3);
}

static void test_site(void **state)
{
	char *vlans;

	(void) state;
	assert_int_equal(mpsk_store_site_vlans(store, ctx, "hq", &vlans, &err), MPSK_MISS);
	redis_do(&redis, "HSET mpsk:cfg:site:hq vlans guest=20");
	assert_int_equal(mpsk_store_site_vlans(store, ctx, "hq", &vlans, &err), MPSK_OK);
	assert_string_equal(vlans, "guest=20");
	redis_do(&redis, "HSET mpsk:cfg:site:hq vlans rubbish");
	assert_int_equal(mpsk_store_site_vlans(store, ctx, "hq", &vlans, &err), MPSK_MISS);
}

static void test_again(void **state)
{
	mpsk_again_t const put[] = {
		{ .nas = "ap-1", .address = "192.0.2.1", .mac = { { 0, 0, 0x5e, 0, 0x53, 1 } }, .due = 100 },
		{ .nas = "ap-2", .address = "", .mac = { { 0, 0, 0x5e, 0, 0x53, 2 } }, .due = 200 },
	};
	mpsk_again_t *due;
	size_t n;

	(void) state;
	assert_int_equal(mpsk_store_again_due(store, ctx, 1000, &due, &n, &err), MPSK_OK);
	assert_int_equal(n, 0);
	assert_int_equal(mpsk_store_again_put(store, put, 2, &err), MPSK_OK);
	redis_do(&redis, "ZADD mpsk:again 1 rubbish 2 a/b 3 a/b/c");
	assert_int_equal(mpsk_store_again_due(store, ctx, 199, &due, &n, &err), MPSK_OK);
	assert_int_equal(n, 1);
	assert_string_equal(due[0].nas, "ap-1");
	assert_string_equal(due[0].address, "192.0.2.1");
	assert_memory_equal(&due[0].mac, &put[0].mac, sizeof(put[0].mac));
	assert_int_equal(due[0].due, 100);
	assert_int_equal(mpsk_store_again_due(store, ctx, 200, &due, &n, &err), MPSK_OK);
	assert_int_equal(n, 2);
	assert_string_equal(due[1].nas, "ap-2");
	assert_string_equal(due[1].address, "");

	/* The later time counts. */
	due[0].due = 50;
	due[1].due = 300;
	assert_int_equal(mpsk_store_again_put(store, due, 2, &err), MPSK_OK);
	assert_int_equal(mpsk_store_again_due(store, ctx, 299, &due, &n, &err), MPSK_OK);
	assert_int_equal(n, 1);
	assert_int_equal(due[0].due, 100);
	assert_int_equal(mpsk_store_again_drop(store, put, 2, &err), MPSK_OK);
	assert_int_equal(mpsk_store_again_due(store, ctx, 1000, &due, &n, &err), MPSK_OK);
	assert_int_equal(n, 0);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(test_write_and_read, store_fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_delete, store_fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_each, store_fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_site, store_fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_again, store_fresh, store_clean),
	};

	return cmocka_run_group_tests_name("store/nas", tests, store_start, store_stop);
}
