/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "claim_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

mpsk_claim_t claim;
mpsk_claim_result_t result;
mpsk_error_t err;

int claim_fresh(void **state)
{
	(void) state;
	redis_do(&redis, "FLUSHALL");
	redis_do(&redis, "HSET " KEY " psk correct-horse max 2");
	claim = (mpsk_claim_t) { .id = "bob", .fingerprint = "", .default_max = 5 };
	return 0;
}

mpsk_claim_code_t ask(mpsk_claim_op_t op, uint8_t device, int64_t now)
{
	claim.op = op;
	claim.mac = (mpsk_mac_t) { { 0x00, 0x00, 0x5e, 0x00, 0x53, device } };
	claim.now = now;
	err.text[0] = '\0';
	assert_int_equal(mpsk_store_claim(store, &claim, &result, &err), MPSK_OK);
	return result.code;
}

mpsk_claim_code_t admit(uint8_t device)
{
	return ask(MPSK_CLAIM_CLAIM, device, NOW);
}
