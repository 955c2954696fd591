/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/ft_elements.h"

#include <string.h>

#include "base/cursor.h"

#define MDE_LEN		(WPA_MDID_LEN + 1)
#define MIC_CONTROL_LEN	2
#define NONCE_LEN	32
#define SUB_R1KH_ID	1
#define SUB_R0KH_ID	3

static mpsk_status_t mde_read(wpa_ft_t *ft, wpa_element_t const *mde, mpsk_error_t *err)
{
	if (!mde->octets) return mpsk_error_set(err, MPSK_BAD, "key data: it holds no MDE, which FT has");
	if (mde->len < MDE_LEN) {
		return mpsk_error_set(err, MPSK_BAD, "MDE: it has %zu octets, not %d", mde->len, MDE_LEN);
	}
	memcpy(ft->mdid, mde->octets, WPA_MDID_LEN);
	return MPSK_OK;
}

/* The sub-elements that count, and how long they may be. */
static struct {
	uint8_t		id;
	uint8_t		min, max;
	char const	*name;
} const subs[] = {
	{ SUB_R1KH_ID, WPA_R1KH_ID_LEN, WPA_R1KH_ID_LEN, "R1KH-ID" },
	{ SUB_R0KH_ID, 1, WPA_R0KH_ID_MAX, "R0KH-ID" },
};
#define N_SUBS (sizeof(subs) / sizeof(subs[0]))

static mpsk_status_t sub_keep(wpa_element_t found[static N_SUBS], uint8_t id, wpa_element_t sub, mpsk_error_t *err)
{
	for (size_t i = 0; i < N_SUBS; i++) {
		if (subs[i].id != id) continue;
		if (found[i].octets) {
			return mpsk_error_set(err, MPSK_BAD, "FTE: it holds more than one %s", subs[i].name);
		}
		if (sub.len < subs[i].min || sub.len > subs[i].max) {
			return mpsk_error_set(err, MPSK_BAD, "FTE: its %s has %zu octets, not %u to %u", subs[i].name,
					      sub.len, subs[i].min, subs[i].max);
		}
		found[i] = sub;
	}
	return MPSK_OK;
}

static mpsk_status_t subs_read(wpa_element_t found[static N_SUBS], mpsk_cursor_t c, mpsk_error_t *err)
{
	mpsk_status_t status;

	while (c.left) {
		uint8_t id = mpsk_cursor_u8(&c), len = mpsk_cursor_u8(&c);
		wpa_element_t sub = { mpsk_cursor_take(&c, len), len };

		if (!sub.octets) {
			return mpsk_error_set(err, MPSK_BAD, "FTE: its sub-element %u runs past its end", id);
		}
		if ((status = sub_keep(found, id, sub, err)) != MPSK_OK) return status;
	}
	for (size_t i = 0; i < N_SUBS; i++) {
		if (found[i].octets) continue;
		return mpsk_error_set(err, MPSK_BAD, "FTE: it holds no %s", subs[i].name);
	}
	return MPSK_OK;
}

static mpsk_status_t fte_read(wpa_ft_t *ft, wpa_element_t const *fte, size_t mic_len, mpsk_error_t *err)
{
	wpa_element_t found[N_SUBS] = { { NULL, 0 } };
	mpsk_cursor_t c = mpsk_cursor(fte->octets, fte->len);
	mpsk_status_t status;

	if (!fte->octets) return mpsk_error_set(err, MPSK_BAD, "key data: it holds no FTE, which FT has");
	mpsk_cursor_take(&c, MIC_CONTROL_LEN + mic_len + 2 * NONCE_LEN);
	if (c.failed) {
		return mpsk_error_set(err, MPSK_BAD, "FTE: it has %zu octets, fewer than %zu", fte->len,
				      MIC_CONTROL_LEN + mic_len + 2 * NONCE_LEN);
	}
	if ((status = subs_read(found, c, err)) != MPSK_OK) return status;

	memcpy(ft->r1kh_id, found[0].octets, WPA_R1KH_ID_LEN);
	ft->r0kh_id_len = (uint8_t) found[1].len;
	memcpy(ft->r0kh_id, found[1].octets, found[1].len);
	return MPSK_OK;
}

mpsk_status_t wpa_ft_elements_read(wpa_ft_t *ft, wpa_key_data_t const *data, wpa_rsne_t const *rsne, size_t mic_len,
				   mpsk_error_t *err)
{
	mpsk_status_t status = mde_read(ft, &data->mde, err);

	if (status == MPSK_OK) status = fte_read(ft, &data->fte, mic_len, err);
	if (status != MPSK_OK) return status;
	if (rsne->n_pmkids != 1) {
		return mpsk_error_set(err, MPSK_BAD, "RSNE: it has %zu PMKIDs, FT has one, which is PMKR1Name",
				      rsne->n_pmkids);
	}
	memcpy(ft->pmk_r1_name, rsne->pmkids, WPA_PMKID_LEN);
	return MPSK_OK;
}
