/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/key_data.h"

#include <stdbool.h>
#include <string.h>

#include "base/cursor.h"
#include "base/mac.h"

#define ELEMENT_RSN	48
#define ELEMENT_MDE	54
#define ELEMENT_FTE	55
#define ELEMENT_VENDOR	221
#define ELEMENT_RSNX	244

#define TYPE_LEN 4	/* OUI and type of a vendor element or KDE */

typedef struct {
	char const		*name;
	wpa_descriptor_t	descriptor;	/* with which it counts */
	uint8_t			id;
	char const		*type;		/* of ELEMENT_VENDOR, else NULL */
	size_t			offset;		/* in wpa_key_data_t */
	bool			repeats;
} kind_t;

#define KIND(_name, _descriptor, _id, _type, _member, _repeats) \
	{ _name, WPA_DESCRIPTOR_ ## _descriptor, _id, _type, offsetof(wpa_key_data_t, _member), _repeats }

/* Those that name what the station chose come first: kind_wanted() counts on it. */
static kind_t const kinds[] = {
	KIND("RSNE",		RSN, ELEMENT_RSN, NULL, rsne, false),
	KIND("WPA element",	WPA, ELEMENT_VENDOR, "\x00\x50\xf2\x01", rsne, false),
	KIND("RSNXE",		RSN, ELEMENT_RSNX, NULL, rsnxe, false),
	KIND("MDE",		RSN, ELEMENT_MDE, NULL, mde, false),
	KIND("FTE",		RSN, ELEMENT_FTE, NULL, fte, false),
	KIND("MAC Address KDE",	RSN, ELEMENT_VENDOR, "\x00\x0f\xac\x03", mac, false),
	KIND("MLO Link KDE",	RSN, ELEMENT_VENDOR, "\x00\x0f\xac\x13", mlo_link, true),
};

static kind_t const *kind_wanted(wpa_descriptor_t descriptor)
{
	return kinds[0].descriptor == descriptor ? &kinds[0] : &kinds[1];
}

static kind_t const *kind_find(wpa_descriptor_t descriptor, uint8_t id, wpa_element_t const *element)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char const *type = kinds[i].type;

		if (kinds[i].descriptor != descriptor || kinds[i].id != id) continue;
		if (!type) return &kinds[i];
		if (element->len >= TYPE_LEN && memcmp(element->octets, type, TYPE_LEN) == 0) return &kinds[i];
	}
	return NULL;
}

static mpsk_status_t element_keep(wpa_key_data_t *data, kind_t const *kind, wpa_element_t element, mpsk_error_t *err)
{
	wpa_element_t *to = (wpa_element_t *) ((char *) data + kind->offset);

	if (to->octets && !kind->repeats) {
		return mpsk_error_set(err, MPSK_BAD, "key data: it holds more than one %s", kind->name);
	}
	if (kind->type) {
		element.octets += TYPE_LEN;
		element.len -= TYPE_LEN;
	}
	*to = element;
	return MPSK_OK;
}

/* What AES key wrap needs behind the elements; some stations pad what they do not encrypt too. */
static bool is_padding(mpsk_cursor_t c)
{
	if (mpsk_cursor_u8(&c) != ELEMENT_VENDOR) return false;
	while (c.left) if (mpsk_cursor_u8(&c) != 0) return false;
	return true;
}

mpsk_status_t wpa_key_data_read(wpa_key_data_t *data, wpa_eapol_key_t const *m2, mpsk_error_t *err)
{
	mpsk_cursor_t c = mpsk_cursor(m2->key_data, m2->key_data_len);

	*data = (wpa_key_data_t) { .rsne = { NULL, 0 } };
	while (c.left && !is_padding(c)) {
		uint8_t id = mpsk_cursor_u8(&c), len = mpsk_cursor_u8(&c);
		wpa_element_t element = { mpsk_cursor_take(&c, len), len };
		kind_t const *kind;
		mpsk_status_t status;

		if (!element.octets) {
			return mpsk_error_set(err, MPSK_BAD, "key data: element %u runs past its end", id);
		}
		kind = kind_find(m2->descriptor, id, &element);
		if (kind && (status = element_keep(data, kind, element, err)) != MPSK_OK) return status;
	}
	if (!data->rsne.octets) {
		return mpsk_error_set(err, MPSK_BAD, "key data: it holds no %s", kind_wanted(m2->descriptor)->name);
	}
	if (data->mac.octets && data->mac.len != MPSK_MAC_LEN) {
		return mpsk_error_set(err, MPSK_BAD, "MAC Address KDE: it has %zu octets, not %d", data->mac.len,
				      MPSK_MAC_LEN);
	}
	return MPSK_OK;
}
