/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passphrases made by the machine.
 */
#ifndef MPSK_KEY_GENERATE_H
#define MPSK_KEY_GENERATE_H

#include <stddef.h>

#include "base/status.h"
#include "wpa/pmk.h"

/* A way to make one: characters of an alphabet, or words. */
typedef struct {
	char const	*name;
	char const	*alphabet;	/* NULL: words, with '-' between */
	size_t		length;		/* where none is asked for: characters, or words */
	size_t		min, max;
	char const	*help;
} mpsk_generate_t;

/* keyboard, the first, is the one for those who ask for none. Ends with a NULL name. */
extern mpsk_generate_t const mpsk_generate_policies[];

/* The row of a name, or NULL. */
mpsk_generate_t const *mpsk_generate_policy(char const *name);

/*
 * A passphrase by a policy, of a length (0: the policy's), from an alphabet
 * (NULL: the policy's), drawn without bias from libcrypto's generator; bits
 * is its entropy, rounded down. BAD for a length that the policy does not
 * allow, for an alphabet of less than two characters, with one twice or one
 * that is not printable ASCII, or for words from one; ERR where there is no
 * randomness.
 */
mpsk_status_t mpsk_passphrase_generate(wpa_psk_t *psk, mpsk_generate_t const *policy, size_t length,
				       char const *alphabet, unsigned *bits, mpsk_error_t *err);

/*
 * The policy by which a passphrase could have been made, and its length
 * there; where there is none, the first policy and 0.
 */
mpsk_generate_t const *mpsk_generate_like(wpa_psk_t const *psk, size_t *length);

#endif
