/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "qr.h"

#include <png.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/secret.h"

#define MARGIN	4	/* squares that have to be light around a code */
#define SCALE	8	/* pixels to a square */

/*
 * --- What it says ---
 */
static char *put_escaped(char *out, uint8_t const *octets, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (octets[i] != '\0' && strchr("\\;,:\"", octets[i])) *out++ = '\\';
		*out++ = (char) octets[i];
	}
	return out;
}

static bool is_hex(mpsk_ssid_t const *ssid)
{
	for (size_t i = 0; i < ssid->len; i++)
		if (ssid->octets[i] == '\0' || !strchr("0123456789abcdefABCDEF", ssid->octets[i])) return false;
	return ssid->len > 0;
}

/* How many octets follow the first one of a UTF-8 character, or -1; min: what it has to stand for at least. */
static int utf8_tail(uint8_t first, uint32_t *code, uint32_t *min)
{
	static struct {
		uint8_t		mask, head;
		uint32_t	min;
	} const forms[] = {
		{ 0x80, 0x00, 0x20 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 }
	};

	for (int i = 0; i < 4; i++) {
		if ((first & forms[i].mask) != forms[i].head) continue;
		*code = first & (uint8_t) ~forms[i].mask;
		*min = forms[i].min;
		return i;
	}
	return -1;
}

/* Whether the octets are UTF-8 without control characters. */
static bool is_text(uint8_t const *octets, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t code = 0, min = 0;
		int tail = utf8_tail(octets[i++], &code, &min);

		if (tail < 0 || (size_t) tail > len - i) return false;
		for (; tail > 0; tail--, i++) {
			if ((octets[i] & 0xc0) != 0x80) return false;
			code = code << 6 | (octets[i] & 0x3f);
		}
		if (code < min || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ||
		    (code >= 0x7f && code < 0xa0)) {
			return false;
		}
	}
	return true;
}

/* Bare hex digits are the octets of a name: a name that is made of such digits has to be told from that by quotes. */
static char *put_ssid(char *out, mpsk_ssid_t const *ssid)
{
	bool quoted = is_hex(ssid);

	if (!is_text(ssid->octets, ssid->len)) {
		mpsk_hex_encode(out, ssid->octets, ssid->len);
		return out + 2 * ssid->len;
	}
	if (quoted) *out++ = '"';
	out = put_escaped(out, ssid->octets, ssid->len);
	if (quoted) *out++ = '"';
	return out;
}

size_t ctl_wifi_text(char out[static CTL_WIFI_MAX], ctl_wifi_t const *wifi)
{
	char *end = stpcpy(out, "WIFI:T:WPA;");

	_Static_assert(CTL_WIFI_MAX > 2 * (MPSK_SSID_MAX + WPA_PSK_MAX) + 48, "room for what is escaped");
	if (wifi->wpa3) end = stpcpy(end, "R:1;");
	end = put_ssid(stpcpy(end, "S:"), wifi->ssid);
	if (wifi->hidden) end = stpcpy(end, ";H:true");
	end = put_escaped(stpcpy(end, ";P:"), wifi->psk->octets, wifi->psk->len);
	end = stpcpy(end, ";;");
	return (size_t) (end - out);
}

/*
 * --- What it looks like ---
 */
static int qr_wipe(ctl_qr_t *qr)
{
	if (qr->dark) mpsk_secret_wipe(qr->dark, qr->side * qr->side);
	return 0;
}

ctl_qr_t *ctl_qr_create(TALLOC_CTX *ctx, char const *text, size_t len)
{
	QRcode *code = QRcode_encodeData((int) len, (unsigned char const *) text, 0, QR_ECLEVEL_M);
	ctl_qr_t *qr = code ? talloc_zero(ctx, ctl_qr_t) : NULL;
	size_t width = code ? (size_t) code->width : 0;

	if (qr) {
		qr->side = width + 2 * MARGIN;
		qr->dark = talloc_zero_array(qr, uint8_t, qr->side * qr->side);
		talloc_set_destructor(qr, qr_wipe);
	}
	for (size_t i = 0; qr && qr->dark && i < width * width; i++)
		qr->dark[(i / width + MARGIN) * qr->side + i % width + MARGIN] = code->data[i] & 1;
	if (code) mpsk_secret_wipe(code->data, width * width);
	QRcode_free(code);
	if (qr && !qr->dark) TALLOC_FREE(qr);
	return qr;
}

static bool is_dark(ctl_qr_t const *qr, size_t row, size_t column)
{
	return row < qr->side && qr->dark[row * qr->side + column];
}

void ctl_qr_print(FILE *out, ctl_qr_t const *qr, bool colours)
{
	static char const *const blocks[] = { " ", "\u2584", "\u2580", "\u2588" };

	for (size_t row = 0; row < qr->side; row += 2) {
		if (colours) fputs("\033[38;5;16;48;5;231m", out);
		for (size_t i = 0; i < qr->side; i++)
			fputs(blocks[2 * is_dark(qr, row, i) + is_dark(qr, row + 1, i)], out);
		fputs(colours ? "\033[0m\n" : "\n", out);
	}
}

bool ctl_qr_svg(FILE *out, ctl_qr_t const *qr)
{
	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" viewBox=\"0 0 %zu %zu\" "
		"shape-rendering=\"crispEdges\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n<path d=\"",
		qr->side * SCALE, qr->side * SCALE, qr->side, qr->side);
	for (size_t row = 0; row < qr->side; row++) {
		size_t from = 0, to;

		for (; from < qr->side; from = to + 1) {
			for (to = from; to < qr->side && is_dark(qr, row, to); to++)
				;
			if (to > from) fprintf(out, "M%zu %zuh%zuv1h-%zuz", from, row, to - from, to - from);
		}
	}
	fputs("\" fill=\"#000\"/>\n</svg>\n", out);
	return true;
}

bool ctl_qr_png(FILE *out, ctl_qr_t const *qr)
{
	size_t side = qr->side * SCALE;
	png_image image = {
		.version = PNG_IMAGE_VERSION, .width = (png_uint_32) side, .height = (png_uint_32) side,
		.format = PNG_FORMAT_GRAY
	};
	uint8_t *pixels = malloc(side * side);
	bool done;

	if (!pixels) return false;
	for (size_t i = 0; i < side * side; i++)
		pixels[i] = is_dark(qr, i / side / SCALE, i % side / SCALE) ? 0 : 255;
	done = png_image_write_to_stdio(&image, out, 0, pixels, 0, NULL) != 0;
	mpsk_secret_wipe(pixels, side * side);
	free(pixels);
	return done;
}
