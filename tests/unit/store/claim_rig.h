/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of claims share: the key bob with two places, and what a device has to say.
 */
#ifndef TEST_STORE_CLAIM_RIG_H
#define TEST_STORE_CLAIM_RIG_H

#include "store_rig.h"

#define NOW	1700000000
#define KEY	"mpsk:key:{bob}"
#define DEV	"mpsk:dev:{bob}"
#define LIVE	"mpsk:live:{bob}"

/* The next claim, which a test changes as it wants; what came of the last one. */
extern mpsk_claim_t claim;
extern mpsk_claim_result_t result;
extern mpsk_error_t err;

/* For cmocka: before each test. */
int claim_fresh(void **state);

/* Claim for the device with this last octet, at a time; a claim that cannot be made fails the test. */
mpsk_claim_code_t ask(mpsk_claim_op_t op, uint8_t device, int64_t now);

/* A claim of a place, now. */
mpsk_claim_code_t admit(uint8_t device);

#endif
