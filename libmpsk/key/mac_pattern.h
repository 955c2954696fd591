/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patterns of MACs: a whole address in any spelling, or its first digits
 * and a '*': aabbcc*, aa:bb:cc:*, aa-bb-c*, and * for any.
 */
#ifndef MPSK_KEY_MAC_PATTERN_H
#define MPSK_KEY_MAC_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mac.h"
#include "key/key.h"

#define MPSK_MAC_DIGITS (2 * MPSK_MAC_LEN)

/* Read one pattern; false where it is none. */
bool mpsk_mac_pattern_parse(mpsk_mac_pattern_t *pattern, char const *text, size_t len);

/* A MAC as the store writes it, or digits and '*' without separators, which would suggest whole octets. Returns out. */
#define MPSK_MAC_PATTERN_TEXT_MAX MPSK_MAC_TEXT_MAX
char *mpsk_mac_pattern_print(char out[static MPSK_MAC_PATTERN_TEXT_MAX], mpsk_mac_pattern_t const *pattern);

/* Whether it covers a MAC. */
bool mpsk_mac_pattern_covers(mpsk_mac_pattern_t const *pattern, mpsk_mac_t const *mac);

#endif
