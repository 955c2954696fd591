/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key data. The input: an octet, odd for WPA1's descriptor and even for
 * RSN's, its second bit set for the longer MIC; then the key data.
 */
#include "tests/fuzz/fuzz.h"
#include "wpa/akm.h"
#include "wpa/ft_elements.h"
#include "wpa/key_data.h"
#include "wpa/rsne.h"

#define RSN_CCMP	0x000fac04
#define RSN_8021X	0x000fac01
#define WPA_TKIP	0x0050f202
#define WPA_8021X	0x0050f201

/* Whether these four octets stand somewhere in the key data. */
static int stands_in(wpa_suite_t suite, uint8_t const *p, size_t len)
{
	uint8_t const octets[4] = {
		(uint8_t) (suite >> 24), (uint8_t) (suite >> 16), (uint8_t) (suite >> 8), (uint8_t) suite
	};

	return memmem(p, len, octets, sizeof(octets)) != NULL;
}

static int is_padding(uint8_t const *p, size_t len)
{
	if (*p != 221) return 0;
	for (size_t i = 1; i < len; i++) if (p[i]) return 0;
	return 1;
}

/* How many elements of the kind there are; -1 where the elements do not fill the key data to the octet. */
static int count(uint8_t const *p, size_t len, uint8_t id, char const *type)
{
	int n = 0;

	while (len && !is_padding(p, len)) {
		if (len < 2 || len - 2 < p[1]) return -1;
		if (p[0] == id) n += !type || (p[1] >= 4 && memcmp(p + 2, type, 4) == 0);
		len -= 2 + (size_t) p[1];
		p += 2 + p[1];
	}
	return n;
}

/* Lies within the key data, and is there as often as it is said to be. */
static void check_element(wpa_element_t const *element, wpa_eapol_key_t const *m2, uint8_t id, char const *type)
{
	int n = count(m2->key_data, m2->key_data_len, id, type);

	FUZZ_CHECK(n == (element->octets != NULL));
	if (!n) return;
	FUZZ_CHECK(element->octets >= m2->key_data + 2);
	FUZZ_CHECK(element->octets + element->len <= m2->key_data + m2->key_data_len);
	FUZZ_CHECK(element->octets[-1 - (type ? 4 : 0)] == element->len + (type ? 4 : 0));
}

static void check_data(wpa_key_data_t const *data, wpa_eapol_key_t const *m2)
{
	if (m2->descriptor == WPA_DESCRIPTOR_WPA) {
		check_element(&data->rsne, m2, 221, "\x00\x50\xf2\x01");
		FUZZ_CHECK(!data->rsnxe.octets && !data->mde.octets && !data->fte.octets && !data->mac.octets);
		return;
	}
	check_element(&data->rsne, m2, 48, NULL);
	check_element(&data->mde, m2, 54, NULL);
	check_element(&data->fte, m2, 55, NULL);
	check_element(&data->rsnxe, m2, 244, NULL);
	check_element(&data->mac, m2, 221, "\x00\x0f\xac\x03");
	FUZZ_CHECK(!data->mac.octets || data->mac.len == MPSK_MAC_LEN);
	if (wpa_rsnxe_has_secure_ltf(&data->rsnxe)) FUZZ_CHECK(data->rsnxe.len >= 2 && data->rsnxe.octets[1] & 1);
}

static void check_ft(wpa_key_data_t const *data, wpa_rsne_t const *rsne, size_t mic_len)
{
	wpa_ft_t ft = { .r0kh_id_len = 0 };
	mpsk_error_t err = { "" };
	mpsk_status_t status = wpa_ft_elements_read(&ft, data, rsne, mic_len, &err);

	if (status != MPSK_OK) {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
		return;
	}
	FUZZ_CHECK(ft.r0kh_id_len >= 1 && ft.r0kh_id_len <= WPA_R0KH_ID_MAX);
	FUZZ_CHECK(memmem(data->fte.octets, data->fte.len, ft.r0kh_id, ft.r0kh_id_len));
	FUZZ_CHECK(memmem(data->fte.octets, data->fte.len, ft.r1kh_id, sizeof(ft.r1kh_id)));
	FUZZ_CHECK(memcmp(data->mde.octets, ft.mdid, sizeof(ft.mdid)) == 0);
	FUZZ_CHECK(rsne->n_pmkids == 1 && memcmp(rsne->pmkids, ft.pmk_r1_name, sizeof(ft.pmk_r1_name)) == 0);
}

static void check_rsne(wpa_rsne_t const *rsne, wpa_element_t const *element, int is_wpa)
{
	char text[WPA_SUITE_TEXT_MAX];
	wpa_suite_t const pairwise = is_wpa ? WPA_TKIP : RSN_CCMP, akm = is_wpa ? WPA_8021X : RSN_8021X;

	FUZZ_CHECK(rsne->pairwise == pairwise || stands_in(rsne->pairwise, element->octets, element->len));
	FUZZ_CHECK(rsne->akm == akm || stands_in(rsne->akm, element->octets, element->len));
	FUZZ_CHECK(!rsne->pmkids == !rsne->n_pmkids);
	FUZZ_CHECK(!rsne->pmkids || rsne->pmkids + WPA_PMKID_LEN * rsne->n_pmkids <= element->octets + element->len);
	FUZZ_CHECK(strlen(wpa_suite_print(text, rsne->akm)) >= strlen("00-0F-AC:2"));
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	fuzz_input_t in = { data, size };
	uint8_t flags = fuzz_octet(&in);
	int is_wpa = flags & 1;
	size_t len, mic_len = flags & 2 ? WPA_MIC_MAX : WPA_MIC_USUAL;
	uint8_t *octets = fuzz_take(&in, in.left, &len);
	wpa_eapol_key_t const m2 = {
		.descriptor = is_wpa ? WPA_DESCRIPTOR_WPA : WPA_DESCRIPTOR_RSN,
		.mic_offset = 81, .mic_len = mic_len, .key_data = octets, .key_data_len = len,
	};
	wpa_key_data_t key_data;
	wpa_rsne_t rsne;
	mpsk_error_t err = { "" };
	mpsk_status_t status = wpa_key_data_read(&key_data, &m2, &err);

	if (status == MPSK_OK) {
		check_data(&key_data, &m2);
		status = wpa_rsne_read(&rsne, m2.descriptor, &key_data.rsne, &err);
	}
	if (status == MPSK_OK) {
		check_rsne(&rsne, &key_data.rsne, is_wpa);
		check_ft(&key_data, &rsne, mic_len);
	} else {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
	}
	free(octets);
	return 0;
}
