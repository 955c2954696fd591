/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/rsne.h"

#include <stdbool.h>
#include <string.h>

#include "base/cursor.h"

#define SUITE_LEN		4
#define RSNXE_SECURE_LTF	8	/* the bit of 802.11az */

/* How the two descriptor types name the element, and what its absent lists stand for. */
typedef struct {
	wpa_descriptor_t	descriptor;
	char const		*name;
	wpa_suite_t		pairwise;
	wpa_suite_t		akm;
	bool			has_pmkids;	/* PMKIDs and a group management cipher may follow */
} kind_t;

static kind_t const kinds[] = {
	{ WPA_DESCRIPTOR_RSN, "RSNE", 0x000fac04, 0x000fac01, true },
	{ WPA_DESCRIPTOR_WPA, "WPA element", 0x0050f202, 0x0050f201, false },
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

static void pmkids_read(wpa_rsne_t *rsne, mpsk_cursor_t *c)
{
	if (!c->left) return;
	rsne->n_pmkids = mpsk_cursor_le16(c);
	if (rsne->n_pmkids) rsne->pmkids = mpsk_cursor_take(c, WPA_PMKID_LEN * rsne->n_pmkids);
	if (c->left) mpsk_cursor_take(c, SUITE_LEN);	/* the group management cipher */
}

mpsk_status_t wpa_rsne_read(wpa_rsne_t *rsne, wpa_descriptor_t descriptor, wpa_element_t const *element,
			    mpsk_error_t *err)
{
	kind_t const *kind = descriptor == kinds[0].descriptor ? &kinds[0] : &kinds[1];
	mpsk_cursor_t c = mpsk_cursor(element->octets, element->len);
	uint16_t version = mpsk_cursor_le16(&c);
	mpsk_status_t status;

	*rsne = (wpa_rsne_t) { .pairwise = kind->pairwise, .akm = kind->akm };
	if (!c.failed && version != 1) {
		return mpsk_error_set(err, MPSK_BAD, "%s: its version is %u, not 1", kind->name, version);
	}
	if (c.left) mpsk_cursor_take(&c, SUITE_LEN);	/* the group cipher */
	if ((status = one_suite_read(&rsne->pairwise, &c, kind, "pairwise cipher", err)) != MPSK_OK) return status;
	if ((status = one_suite_read(&rsne->akm, &c, kind, "AKM", err)) != MPSK_OK) return status;
	if (c.left) mpsk_cursor_take(&c, 2);	/* capabilities */
	if (kind->has_pmkids) pmkids_read(rsne, &c);

	if (c.failed) {
		return mpsk_error_set(err, MPSK_BAD, "%s: it ends in the middle of a field", kind->name);
	}
	/* What may follow belongs to a later standard, which lets a receiver pass over it: 9.4.2.1. */
	return MPSK_OK;
}

bool wpa_rsnxe_has_secure_ltf(wpa_element_t const *element)
{
	size_t at = RSNXE_SECURE_LTF / 8, field_len;

	if (!element->octets || element->len <= at) return false;
	field_len = (element->octets[0] & 0x0fu) + 1;	/* its first four bits say its length less one */
	return field_len > at && element->octets[at] & 1 << RSNXE_SECURE_LTF % 8;
}
