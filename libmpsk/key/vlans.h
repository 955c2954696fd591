/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VLANs by name: what a site calls its VLANs, as `guest=20, staff=30`.
 */
#ifndef MPSK_KEY_VLANS_H
#define MPSK_KEY_VLANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define MPSK_VLAN_NAME_MAX	64
#define MPSK_VLAN_MAX		4094
#define MPSK_VLANS_MAX		4096	/* octets of a list */

/* A name: [A-Za-z][A-Za-z0-9._-]{0,63}. */
bool mpsk_vlan_name_valid(char const *name, size_t len);

/* Whether a list is one: items `name=number`, with commas or spaces between. BAD, with a text that quotes the item. */
mpsk_status_t mpsk_vlans_check(char const *vlans, size_t len, mpsk_error_t *err);

/* The number of a name in a list, 0 where it is not there. */
uint16_t mpsk_vlans_find(char const *vlans, char const *name);

#endif
