/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passphrases made by the machine.
 */
#ifndef MPSK_KEY_GENERATE_H
#define MPSK_KEY_GENERATE_H

#include <stddef.h>

#include "base/status.h"
#include "wpa/pmk.h"

#define MPSK_GENERATE_DEFAULT 16

/*
 * A passphrase of length characters (8 to 63) from an alphabet of 32 without
 * look-alikes, so five bits each, drawn without bias from libcrypto's
 * generator. BAD for another length, ERR where there is no randomness.
 */
mpsk_status_t mpsk_passphrase_generate(wpa_psk_t *psk, size_t length, mpsk_error_t *err);

#endif
