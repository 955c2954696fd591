/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "escape.h"

#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/hex.h"
#include "base/secret.h"
#include "ctl.h"

#define ESCAPE_LEN 4	/* \xNN */

/* The longest that an escaped text can become; it is taken at once because a growing block leaves copies behind. */
static char *escape_room(TALLOC_CTX *ctx, size_t len)
{
	return ctl_need(talloc_zero_array(ctx, char, ESCAPE_LEN * len + 1));
}

static char *put_escape(char *out, char c)
{
	uint8_t octet = (uint8_t) c;

	*out++ = '\\';
	*out++ = 'x';
	mpsk_hex_encode(out, &octet, 1);
	return out + 2;
}

/* The length of the character at text, 0 where there is none: cut short, not of the locale, or NUL. */
static size_t next_wide(wchar_t *wide, char const *text, size_t left, mbstate_t *state)
{
	size_t n = mbrtowc(wide, text, left, state);

	if (n > 0 && n <= left) return n;
	memset(state, 0, sizeof(*state));
	return 0;
}

/* Most text, and of lists of a hundred thousand keys nearly all of it: no locale has anything to say of it. */
static bool is_plain(char const *text)
{
	while (*text >= ' ' && *text <= '~') text++;
	return !*text;
}

char *ctl_escape_text(TALLOC_CTX *ctx, char const *text)
{
	size_t left = strlen(text);
	char *escaped, *out;
	mbstate_t state = { 0 };

	if (is_plain(text)) return ctl_need(talloc_strndup(ctx, text, left));
	escaped = out = escape_room(ctx, left);
	while (left) {
		wchar_t wide = L'\0';
		size_t n = next_wide(&wide, text, left, &state);

		if (n && iswprint((wint_t) wide)) {
			memcpy(out, text, n);
			out += n;
		} else {
			n = n ? n : 1;
			for (size_t i = 0; i < n; i++) out = put_escape(out, text[i]);
		}
		text += n;
		left -= n;
	}
	return escaped;
}

char *ctl_escape_tsv(TALLOC_CTX *ctx, char const *text)
{
	static char const special[] = "\t\n\\";
	static char const letters[] = "tn\\";
	char *escaped = escape_room(ctx, strlen(text));
	char *out = escaped;

	for (; *text; text++) {
		char const *at = strchr(special, *text);

		if (at) {
			*out++ = '\\';
			*out++ = letters[at - special];
		} else if ((unsigned char) *text < 0x20 || *text == 0x7f) {
			out = put_escape(out, *text);
		} else {
			*out++ = *text;
		}
	}
	return escaped;
}

json_t *ctl_escape_json(char const *text, size_t len)
{
	json_t *value = json_stringn(text, len);
	char *escaped, *out;

	if (value) return value;

	escaped = escape_room(NULL, len);
	out = escaped;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char) text[i] < 0x80) {
			*out++ = text[i];
		} else {
			out = put_escape(out, text[i]);
		}
	}
	value = ctl_need(json_stringn(escaped, (size_t) (out - escaped)));
	ctl_escape_free(escaped);
	return value;
}

static char *plain_array(TALLOC_CTX *ctx, json_t const *array)
{
	char *out = ctl_need(talloc_strdup(ctx, ""));
	json_t const *element;
	size_t i;

	json_array_foreach(array, i, element) {
		char *item = ctl_escape_plain(NULL, element);

		out = ctl_need(talloc_asprintf_append_buffer(out, "%s%s", i ? "," : "", item));
		ctl_escape_free(item);
	}
	return out;
}

char *ctl_escape_plain(TALLOC_CTX *ctx, json_t const *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return ctl_need(talloc_strdup(ctx, json_string_value(value)));

	case JSON_INTEGER:
		return ctl_need(talloc_asprintf(ctx, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));

	case JSON_REAL:
		return ctl_need(talloc_asprintf(ctx, "%.3f", json_real_value(value)));

	case JSON_TRUE:
		return ctl_need(talloc_strdup(ctx, "true"));

	case JSON_FALSE:
		return ctl_need(talloc_strdup(ctx, "false"));

	case JSON_ARRAY:
		return plain_array(ctx, value);

	case JSON_OBJECT:
		return ctl_escape_plain(ctx, json_object_iter_value(json_object_iter((json_t *) value)));

	default:
		return ctl_need(talloc_strdup(ctx, ""));
	}
}

int ctl_escape_width(char const *text)
{
	size_t left = strlen(text);
	mbstate_t state = { 0 };
	int width = 0;

	if (is_plain(text)) return (int) left;

	while (left) {
		wchar_t wide = L'\0';
		size_t n = next_wide(&wide, text, left, &state);
		int cells = n ? wcwidth(wide) : 1;

		width += cells > 0 ? cells : 0;
		n = n ? n : 1;
		text += n;
		left -= n;
	}
	return width;
}

void ctl_escape_free(char *text)
{
	if (!text) return;
	mpsk_secret_wipe(text, strlen(text));
	talloc_free(text);
}
