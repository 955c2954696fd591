/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device that holds a key.
 */
#ifndef MPSK_KEY_DEVICE_H
#define MPSK_KEY_DEVICE_H

#include <stdint.h>

#include "base/mac.h"

typedef struct {
	mpsk_mac_t	mac;
	int64_t		last_seen;	/* epoch seconds */
} mpsk_device_t;

#endif
