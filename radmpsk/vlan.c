/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/vlan.h"

#include "base/text.h"

#define TYPE_VLAN	13
#define MEDIUM_802	6
#define VLAN_MAX	4094

static unsigned id_parse(char const *text, size_t len)
{
	int64_t number;

	if (!mpsk_number_parse(&number, text, len) || number < 1 || number > VLAN_MAX) return 0;
	return (unsigned) number;
}

void vlan_attribute_take(vlan_groups_t *groups, radius_attribute_t const *attribute)
{
	mpsk_cursor_t c = mpsk_cursor(attribute->value, attribute->len);
	uint8_t tag = attribute->len && attribute->value[0] < VLAN_TAGS ? attribute->value[0] : 0;
	uint32_t number = mpsk_cursor_be32(&c) & 0xffffff;	/* the tag is the first octet of the four */

	switch (attribute->type) {
	case RADIUS_TUNNEL_TYPE:
		if (!c.failed) groups->group[tag].type = number;
		break;
	case RADIUS_TUNNEL_MEDIUM_TYPE:
		if (!c.failed) groups->group[tag].medium = number;
		break;
	case RADIUS_TUNNEL_PRIVATE_GROUP_ID:
		c = mpsk_cursor(attribute->value, attribute->len);
		if (c.left && c.p[0] < VLAN_TAGS) mpsk_cursor_u8(&c);
		groups->any_group_id = true;
		groups->group[tag].id = id_parse((char const *) c.p, c.left);
		break;
	default:
		break;
	}
}

unsigned vlan_of(vlan_groups_t const *groups)
{
	for (unsigned tag = 0; tag < VLAN_TAGS; tag++) {
		if (groups->group[tag].type == TYPE_VLAN && groups->group[tag].medium == MEDIUM_802 &&
		    groups->group[tag].id) return groups->group[tag].id;
	}
	return 0;
}
