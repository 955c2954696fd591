/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/attributes.h"

#include <stddef.h>
#include <string.h>

#define SUB_SHIFT	8	/* how the server numbers the parts of a TLV: above the octet of its own number */

static struct {
	char const	*name;
	size_t		offset;
} const internals[] = {
	{ "MPSK-Reason",	offsetof(rlm_mpsk_attributes_t, reason) },
	{ "MPSK-Detail",	offsetof(rlm_mpsk_attributes_t, detail) },
	{ "MPSK-Key-Id",	offsetof(rlm_mpsk_attributes_t, key_id) },
	{ "MPSK-Role",		offsetof(rlm_mpsk_attributes_t, role) },
	{ "MPSK-Site",		offsetof(rlm_mpsk_attributes_t, site) },
	{ "MPSK-Dialect",	offsetof(rlm_mpsk_attributes_t, dialect) },
	{ "MPSK-Reply-Style",	offsetof(rlm_mpsk_attributes_t, reply) },
};

static PW_TYPE const types[] = {
	[DIALECT_STRING] = PW_TYPE_STRING,
	[DIALECT_OCTETS] = PW_TYPE_OCTETS,
	[DIALECT_INTEGER] = PW_TYPE_INTEGER,
	[DIALECT_BYTE] = PW_TYPE_BYTE,
	[DIALECT_TLV] = PW_TYPE_TLV,
};

static mpsk_status_t internals_load(rlm_mpsk_attributes_t *attributes, mpsk_error_t *err)
{
	ATTR_FLAGS flags;

	memset(&flags, 0, sizeof(flags));
	for (size_t i = 0; i < sizeof(internals) / sizeof(internals[0]); i++) {
		DICT_ATTR const *da;

		/* -1 takes the next free number, which never goes on the wire. A second definition is a no-op. */
		if (dict_addattr(internals[i].name, -1, 0, PW_TYPE_STRING, flags) < 0) {
			return mpsk_error_set(err, MPSK_ERR, "cannot define %s: %s", internals[i].name, fr_strerror());
		}
		da = dict_attrbyname(internals[i].name);
		memcpy((uint8_t *) attributes + internals[i].offset, &da, sizeof(da));
	}
	attributes->auth_type = dict_attrbyname("Auth-Type");
	attributes->response = dict_attrbyname("Response-Packet-Type");
	if (attributes->auth_type && attributes->response) return MPSK_OK;
	return mpsk_error_set(err, MPSK_ERR, "the server's dictionary has no Auth-Type or no Response-Packet-Type");
}

static unsigned int number_of(dialect_attribute_info_t const *row)
{
	return row->number | (unsigned int) row->sub << SUB_SHIFT;
}

static unsigned int vendor_of(dialect_attribute_info_t const *row)
{
	unsigned int vendor = dialect_vendors[row->vendor].number;

	return row->vendor == DIALECT_FREERADIUS ? vendor + DIALECT_EXTENDED_5 * FR_MAX_VENDOR : vendor;
}

/*
 * What the dictionary has under any name is never defined again: the server,
 * and every module before this one, may have it by its address.
 */
static mpsk_status_t define(dialect_attribute_info_t const *row, mpsk_error_t *err)
{
	dialect_vendor_info_t const *vendor = &dialect_vendors[row->vendor];
	ATTR_FLAGS flags;

	memset(&flags, 0, sizeof(flags));
	flags.has_tlv = row->type == DIALECT_TLV;
	flags.is_tlv = row->sub != 0;
	if (row->hidden) flags.encrypt = FLAG_ENCRYPT_TUNNEL_PASSWORD;
	flags.secret = row->hidden || row->is_key;	/* for the server's suppress_secrets */

	if (row->vendor == DIALECT_RFC || row->vendor == DIALECT_FREERADIUS) {
		return mpsk_error_set(err, MPSK_ERR, "the server's dictionary has no %s: is its dictionary folder that "
				      "of FreeRADIUS 3.2?", row->name);
	}
	if (!dict_vendorbyvalue((int) vendor->number) && dict_addvendor(vendor->name, vendor->number) < 0) {
		return mpsk_error_set(err, MPSK_ERR, "cannot define vendor %s: %s", vendor->name, fr_strerror());
	}
	if (dict_addattr(row->name, (int) number_of(row), vendor->number, types[row->type], flags) < 0) {
		return mpsk_error_set(err, MPSK_ERR, "cannot define %s: %s", row->name, fr_strerror());
	}
	return MPSK_OK;
}

/* A key that goes out in clear because some dictionary says nothing of its flag would be nobody's intention. */
static mpsk_status_t check(dialect_attribute_info_t const *row, DICT_ATTR const *da, mpsk_error_t *err)
{
	if (!row->hidden || da->flags.encrypt == FLAG_ENCRYPT_TUNNEL_PASSWORD) return MPSK_OK;
	return mpsk_error_set(err, MPSK_ERR, "the server's dictionary has %s without encrypt=2: it would go out in "
			      "clear", da->name);
}

mpsk_status_t rlm_mpsk_attributes_load(rlm_mpsk_attributes_t *attributes, mpsk_error_t *err)
{
	mpsk_status_t status = internals_load(attributes, err);

	for (size_t i = 0; status == MPSK_OK && i < DIALECT_ATTRIBUTE_MAX; i++) {
		dialect_attribute_info_t const *row = &dialect_attributes[i];
		DICT_ATTR const **da = &attributes->wire[i];

		*da = dict_attrbyvalue(number_of(row), vendor_of(row));
		if (*da) continue;
		status = define(row, err);
		*da = dict_attrbyvalue(number_of(row), vendor_of(row));
	}
	for (size_t i = 0; status == MPSK_OK && i < DIALECT_ATTRIBUTE_MAX; i++) {
		status = check(&dialect_attributes[i], attributes->wire[i], err);
	}
	return status;
}
