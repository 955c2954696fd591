/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VLAN of an Access-Accept, read as hostapd reads it: RFC 3580, 3.31.
 */
#ifndef RADMPSK_VLAN_H
#define RADMPSK_VLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "radius/packet.h"

#define VLAN_TAGS 32	/* a first octet of over 0x1f is no tag: RFC 2868, 3.6 */

typedef struct {
	bool any_group_id;
	struct {
		uint32_t	type;
		uint32_t	medium;
		unsigned	id;	/* 0: none, or not a decimal number of 1 to 4094 */
	} group[VLAN_TAGS];
} vlan_groups_t;

/* Take in an attribute; one of no interest changes nothing. */
void vlan_attribute_take(vlan_groups_t *groups, radius_attribute_t const *attribute);

/* The VLAN of the first tag whose type is VLAN and whose medium is IEEE-802; 0: none. */
unsigned vlan_of(vlan_groups_t const *groups);

#endif
