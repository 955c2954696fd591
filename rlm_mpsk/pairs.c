/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/pairs.h"

#include "base/cursor.h"
#include "rlm_mpsk/reply.h"

#define PART_SHIFT	8
#define VENDOR_SPECIFIC	26

/* Whose attribute it is; *ours: in the space where that vendor's attributes of our table lie. */
static dialect_vendor_t vendor_of(DICT_ATTR const *da, bool *ours)
{
	uint32_t space = da->vendor / FR_MAX_VENDOR, number = da->vendor % FR_MAX_VENDOR;
	dialect_vendor_t vendor = number ? dialect_vendor_find(number) : DIALECT_RFC;

	*ours = vendor == DIALECT_FREERADIUS ? space == DIALECT_EXTENDED_5 : space == 0;
	if (number && vendor == DIALECT_RFC) *ours = false;
	return vendor;
}

/*
 * A vendor's attributes that could not even be told apart come as
 * Attr-26, with the vendor in front.
 */
static void raw_vendor_read(dialect_request_t *out, VALUE_PAIR const *vp)
{
	mpsk_cursor_t c = mpsk_cursor(vp->vp_octets, vp->vp_length);
	dialect_vendor_t vendor = dialect_vendor_find(mpsk_cursor_be32(&c));

	if (c.failed || vendor == DIALECT_RFC) return;
	for (size_t i = 0; i < DIALECT_ATTRIBUTE_MAX; i++) {
		if (dialect_attributes[i].vendor != vendor || !dialect_attributes[i].relayed) continue;
		dialect_request_add_undecoded(out, vendor, dialect_attributes[i].name);
		return;
	}
}

/* The server knows no more of it than its number: half of a handshake, perhaps. */
static void unknown_read(dialect_request_t *out, VALUE_PAIR const *vp)
{
	DICT_ATTR const *da = vp->da;
	bool ours;
	dialect_vendor_t vendor = vendor_of(da, &ours);
	dialect_attribute_t attribute;

	if (da->vendor == 0 && da->attr == VENDOR_SPECIFIC) {
		raw_vendor_read(out, vp);
	} else if (da->vendor == 0 && da->attr == dialect_attributes[DIALECT_WLAN_AKM_SUITE].number) {
		/* No number, for want of four octets: what reads it says so. */
		dialect_request_add(out, DIALECT_WLAN_AKM_SUITE, vp->vp_octets, vp->vp_length);
	} else if ((da->vendor == 0 && da->attr == DIALECT_EXTENDED_5) ||
		   da->vendor == DIALECT_EXTENDED_5 * FR_MAX_VENDOR || (vendor == DIALECT_FREERADIUS && ours)) {
		dialect_request_add_undecoded(out, DIALECT_FREERADIUS, da->name);
	} else if (vendor != DIALECT_RFC && ours) {
		attribute = dialect_attribute_find(vendor, da->attr & ((1 << PART_SHIFT) - 1), da->attr >> PART_SHIFT);
		if (attribute != DIALECT_ATTRIBUTE_MAX && dialect_attributes[attribute].relayed) {
			dialect_request_add_undecoded(out, vendor, dialect_attributes[attribute].name);
		} else {
			dialect_request_add_vendor(out, vendor);
		}
	}
}

static void known_read(dialect_request_t *out, VALUE_PAIR const *vp)
{
	DICT_ATTR const *da = vp->da;
	bool ours;
	dialect_vendor_t vendor = vendor_of(da, &ours);
	dialect_attribute_t attribute = DIALECT_ATTRIBUTE_MAX;

	if (!ours) return;
	/* Past 16 bits are the parts of parts, which none of ours has. */
	if (da->attr >> 2 * PART_SHIFT == 0) {
		attribute = dialect_attribute_find(vendor, da->attr & ((1 << PART_SHIFT) - 1), da->attr >> PART_SHIFT);
	}
	if (attribute == DIALECT_ATTRIBUTE_MAX) {
		if (vendor != DIALECT_RFC) dialect_request_add_vendor(out, vendor);
	} else if (da->type == PW_TYPE_STRING || da->type == PW_TYPE_OCTETS) {
		dialect_request_add(out, attribute, vp->vp_octets, vp->vp_length);
	} else {
		dialect_request_add(out, attribute, &vp->data, vp->vp_length);
	}
}

void rlm_mpsk_pairs_read(dialect_request_t *out, REQUEST *request)
{
	dialect_request_begin(out);
	for (VALUE_PAIR *vp = request->packet->vps; vp; vp = vp->next) {
		if (vp->da->flags.is_unknown) {
			unknown_read(out, vp);
		} else {
			known_read(out, vp);
		}
	}
}

static mpsk_status_t reply_octets(void *uctx, dialect_attribute_t attribute, void const *octets, size_t len)
{
	rlm_mpsk_pairs_t *context = uctx;

	return rlm_mpsk_reply_octets(context->request, context->attributes->wire[attribute], octets, len);
}

static mpsk_status_t reply_number(void *uctx, dialect_attribute_t attribute, uint32_t number)
{
	rlm_mpsk_pairs_t *context = uctx;

	return rlm_mpsk_reply_number(context->request, context->attributes->wire[attribute], number);
}

dialect_reply_t rlm_mpsk_pairs_reply(rlm_mpsk_pairs_t *context, rlm_mpsk_attributes_t const *attributes,
				     REQUEST *request)
{
	*context = (rlm_mpsk_pairs_t) { .request = request, .attributes = attributes };
	return (dialect_reply_t) { .uctx = context, .octets = reply_octets, .number = reply_number };
}
