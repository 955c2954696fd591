/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wpa/eapol_key.h"
#include "vector_rig.h"

static void assert_bad(uint8_t const *frame, size_t len, char const *text)
{
	mpsk_error_t err = { "" };
	wpa_eapol_key_t m2;

	assert_int_equal(wpa_eapol_key_parse_m2(&m2, WPA_MIC_USUAL, frame, len, &err), MPSK_BAD);
	if (!strstr(err.text, text)) fail_msg("\"%s\" is not in \"%s\"", text, err.text);
}

static void test_captured(void **state)
{
	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		vector_t const *v = &vectors[i];
		wpa_eapol_key_t m2;

		assert_int_equal(wpa_eapol_key_parse_m2(&m2, WPA_MIC_USUAL, v->frame, v->frame_len, NULL), MPSK_OK);
		assert_int_equal(m2.descriptor, strcmp(v->name, "wpa1-tkip") ? 2 : 254);
		assert_int_equal(m2.version, v->frame[6] & 7);
		assert_ptr_equal(m2.snonce, v->frame + 17);
		assert_int_equal(m2.mic_offset, 81);
		assert_int_equal(m2.mic_len, 16);
		assert_ptr_equal(m2.key_data, v->frame + 99);
		assert_int_equal(m2.key_data_len, v->frame_len - 99);
	}
}

/* Each truncation stands in a heap block of its own length, so that a sanitizer sees an octet read past it. */
static void test_truncated(void **state)
{
	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		for (size_t len = 0; len < vectors[i].frame_len; len++) {
			uint8_t *frame = malloc(len ? len : 1);

			assert_non_null(frame);
			memcpy(frame, vectors[i].frame, len);
			assert_bad(frame, len, len < 99 ? "cut short" : "body length");
			if (len >= 99) {
				frame[2] = (uint8_t) ((len - 4) >> 8);
				frame[3] = (uint8_t) (len - 4);
				assert_bad(frame, len, "key data length");
			}
			free(frame);
		}
	}
}

static void test_trailing_octet(void **state)
{
	uint8_t frame[WPA_FRAME_MAX + 1] = { 0 };
	vector_t const *v = &vectors[0];

	(void) state;
	memcpy(frame, v->frame, v->frame_len);
	assert_bad(frame, v->frame_len + 1, "body length");
	frame[3]++;
	assert_bad(frame, v->frame_len + 1, "key data length");
	assert_bad(frame, sizeof(frame), "too long");
}

static void test_length_fields(void **state)
{
	static struct {
		size_t		offset;
		char const	*text;
	} const lengths[] = { { 2, "body length" }, { 97, "key data length" } };

	(void) state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint8_t frame[WPA_FRAME_MAX], *p = frame + lengths[i].offset;
		vector_t const *v = vector_find(vectors, "wpa2-ccmp-min");
		unsigned right = (unsigned) v->frame[lengths[i].offset] << 8 | v->frame[lengths[i].offset + 1];

		memcpy(frame, v->frame, v->frame_len);
		for (unsigned value = 0; value < 0x10000; value++) {
			if (value == right) continue;
			p[0] = (uint8_t) (value >> 8);
			p[1] = (uint8_t) value;
			assert_bad(frame, v->frame_len, lengths[i].text);
		}
	}
}

static void test_types(void **state)
{
	uint8_t frame[WPA_FRAME_MAX];
	vector_t const *v = vector_find(vectors, "wpa2-ccmp-min");
	wpa_eapol_key_t m2;

	(void) state;
	memcpy(frame, v->frame, v->frame_len);
	for (int value = 0; value < 256; value++) {
		frame[0] = (uint8_t) value;
		assert_int_equal(wpa_eapol_key_parse_m2(&m2, WPA_MIC_USUAL, frame, v->frame_len, NULL), MPSK_OK);
		frame[1] = (uint8_t) value;
		if (value != 3) assert_bad(frame, v->frame_len, "packet type");
		frame[1] = 3;
		frame[4] = (uint8_t) value;
		if (value != 2 && value != 254) assert_bad(frame, v->frame_len, "descriptor type");
		frame[4] = 2;
	}
}

static void test_key_information(void **state)
{
	static char const *const names[16] = {
		[3] = "pairwise", [6] = "install", [7] = "ack", [8] = "MIC", [9] = "secure", [10] = "error",
		[11] = "request", [12] = "encrypted", [13] = "SMK",
	};
	uint8_t frame[WPA_FRAME_MAX];
	vector_t const *v = vector_find(vectors, "wpa2-ccmp-min");

	(void) state;
	memcpy(frame, v->frame, v->frame_len);
	for (unsigned bit = 0; bit < 16; bit++) {
		wpa_eapol_key_t m2;
		uint8_t *p = frame + (bit < 8 ? 6 : 5), flip = (uint8_t) (1 << bit % 8);

		*p ^= flip;
		if (names[bit]) assert_bad(frame, v->frame_len, names[bit]);
		else assert_int_equal(wpa_eapol_key_parse_m2(&m2, WPA_MIC_USUAL, frame, v->frame_len, NULL), MPSK_OK);
		*p ^= flip;
	}
}

/* A MIC of 24 octets, as the SHA-384 AKMs have with version 0: of two lengths, one fits. */
static void test_long_mic(void **state)
{
	uint8_t frame[WPA_FRAME_MAX] = { 0 };
	vector_t const *v = vector_find(vectors, "wpa2-ccmp-min");
	wpa_eapol_key_t m2;
	size_t len = v->frame_len + 8;

	(void) state;
	memcpy(frame, v->frame, 81);
	memset(frame + 81, 0x5a, 24);
	memcpy(frame + 105, v->frame + 97, v->frame_len - 97);
	frame[3] = (uint8_t) (len - 4);
	frame[6] &= 0xf8;
	assert_int_equal(wpa_eapol_key_parse_m2(&m2, WPA_MIC_MAX, frame, len, NULL), MPSK_OK);
	assert_int_equal(m2.version, 0);
	assert_int_equal(m2.mic_len, 24);
	assert_ptr_equal(m2.key_data, frame + 107);
	assert_int_equal(m2.key_data_len, len - 107);

	assert_bad(frame, len, "key data length");
	assert_int_equal(wpa_eapol_key_parse_m2(&m2, WPA_MIC_USUAL, frame, len, NULL), MPSK_BAD);
	assert_int_equal(m2.version, 0);
	assert_ptr_equal(m2.snonce, frame + 17);
	assert_null(m2.key_data);
	/* A frame that holds no more than the shorter MIC. */
	for (len = 99; len < 107; len++) {
		mpsk_error_t err = { "" };

		frame[3] = (uint8_t) (len - 4);
		assert_int_equal(wpa_eapol_key_parse_m2(&m2, WPA_MIC_MAX, frame, len, &err), MPSK_BAD);
		assert_non_null(strstr(err.text, "cut short"));
		assert_null(m2.key_data);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_trailing_octet),
		cmocka_unit_test(test_length_fields),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_key_information),
		cmocka_unit_test(test_long_mic),
	};

	return cmocka_run_group_tests_name("wpa/eapol_key", tests, vectors_setup, NULL);
}
