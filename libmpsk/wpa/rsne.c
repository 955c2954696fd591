/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/rsne.h"

#include <stdbool.h>
#include <string.h>

#include "base/cursor.h"

#define ELEMENT_RSN	48
#define ELEMENT_VENDOR	221
#define SUITE_LEN	4
#define PMKID_LEN	16

/* How the two descriptor types name the element, and what its absent lists stand for. */
typedef struct {
	wpa_descriptor_t	descriptor;
	char const		*name;
	uint8_t			id;
	char const		*prefix;	/* octets that the body begins with */
	size_t			prefix_len;
	wpa_suite_t		pairwise;
	wpa_suite_t		akm;
	bool			has_pmkids;	/* PMKIDs and a group management cipher may follow */
} kind_t;

static kind_t const kinds[] = {
	{ WPA_DESCRIPTOR_RSN, "RSNE", ELEMENT_RSN, "", 0, 0x000fac04, 0x000fac01, true },
	{ WPA_DESCRIPTOR_WPA, "WPA element", ELEMENT_VENDOR, "\x00\x50\xf2\x01", 4, 0x0050f202, 0x0050f201, false },
};

/*
 * A list that must name one suite; absent where the element ends before it. Count and suite are read
 * in one go, so that a failed cursor always means an element that ends in the middle of a field.
 */
static mpsk_status_t one_suite_read(wpa_suite_t *suite, mpsk_cursor_t *c, kind_t const *kind, char const *what,
				    mpsk_error_t *err)
{
	uint16_t count;

	if (!c->left) return MPSK_OK;

	count = mpsk_cursor_le16(c);
	if (!c->failed && count != 1) {
		return mpsk_error_set(err, MPSK_BAD, "%s: it names %u %s suites, a station chooses one",
				      kind->name, count, what);
	}
	*suite = mpsk_cursor_be32(c);
	return MPSK_OK;
}

static void pmkids_skip(mpsk_cursor_t *c)
{
	if (!c->left) return;
	mpsk_cursor_take(c, (size_t) PMKID_LEN * mpsk_cursor_le16(c));
	if (c->left) mpsk_cursor_take(c, SUITE_LEN);	/* the group management cipher */
}

static mpsk_status_t body_read(wpa_rsne_t *rsne, mpsk_cursor_t c, kind_t const *kind, mpsk_error_t *err)
{
	uint16_t version;
	mpsk_status_t status;

	rsne->pairwise = kind->pairwise;
	rsne->akm = kind->akm;

	mpsk_cursor_take(&c, kind->prefix_len);
	version = mpsk_cursor_le16(&c);
	if (!c.failed && version != 1) {
		return mpsk_error_set(err, MPSK_BAD, "%s: its version is %u, not 1", kind->name, version);
	}
	if (c.left) mpsk_cursor_take(&c, SUITE_LEN);	/* the group cipher */
	if ((status = one_suite_read(&rsne->pairwise, &c, kind, "pairwise cipher", err)) != MPSK_OK) return status;
	if ((status = one_suite_read(&rsne->akm, &c, kind, "AKM", err)) != MPSK_OK) return status;
	if (c.left) mpsk_cursor_take(&c, 2);	/* capabilities */
	if (kind->has_pmkids) pmkids_skip(&c);

	if (c.failed) {
		return mpsk_error_set(err, MPSK_BAD, "%s: it ends in the middle of a field", kind->name);
	}
	/* What may follow belongs to a later standard, which lets a receiver pass over it: 9.4.2.1. */
	return MPSK_OK;
}

static bool is_wanted(kind_t const *kind, uint8_t id, uint8_t const *body, uint8_t len)
{
	return id == kind->id && len >= kind->prefix_len && memcmp(body, kind->prefix, kind->prefix_len) == 0;
}

mpsk_status_t wpa_rsne_find(wpa_rsne_t *rsne, wpa_eapol_key_t const *m2, mpsk_error_t *err)
{
	kind_t const *kind = m2->descriptor == kinds[0].descriptor ? &kinds[0] : &kinds[1];
	mpsk_cursor_t c = mpsk_cursor(m2->key_data, m2->key_data_len);
	bool found = false;

	*rsne = (wpa_rsne_t) { 0 };
	while (c.left) {
		uint8_t id = mpsk_cursor_u8(&c), len = mpsk_cursor_u8(&c);
		uint8_t const *body = mpsk_cursor_take(&c, len);
		mpsk_status_t status;

		if (!body) {
			return mpsk_error_set(err, MPSK_BAD, "key data: element %u runs past its end", id);
		}
		if (!is_wanted(kind, id, body, len)) continue;
		if (found) return mpsk_error_set(err, MPSK_BAD, "key data: it holds more than one %s", kind->name);
		found = true;
		status = body_read(rsne, mpsk_cursor(body, len), kind, err);
		if (status != MPSK_OK) return status;
	}
	if (!found) return mpsk_error_set(err, MPSK_BAD, "key data: it holds no %s", kind->name);
	return MPSK_OK;
}
