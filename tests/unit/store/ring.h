/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A keyring for a test.
 */
#ifndef TEST_STORE_RING_H
#define TEST_STORE_RING_H

#include "key/keyring.h"

#define RING_PATH_MAX 128

/* Write DIR/NAME with a new KEK of an id, and load it; a failure fails the test. */
void ring_make(char path[static RING_PATH_MAX], char const *dir, char const *name, char const *id,
	       mpsk_keyring_t **keyring);

#endif
