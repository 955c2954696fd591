/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/info.h"

#include <stdio.h>
#include <string.h>

/* The line that begins at *at, without its end; *at goes to the next one. */
static char const *info_line(size_t *line_len, char const **at, char const *end)
{
	char const *line = *at;
	char const *stop = memchr(line, '\n', (size_t) (end - line));

	*at = stop ? stop + 1 : end;
	if (!stop) stop = end;
	if (stop > line && stop[-1] == '\r') stop--;
	*line_len = (size_t) (stop - line);
	return line;
}

char const *mpsk_info_value(size_t *value_len, char const *info, size_t len, char const *name)
{
	size_t name_len = strlen(name), line_len;
	char const *at = info, *end = info + len;

	while (at < end) {
		char const *line = info_line(&line_len, &at, end);

		if (line_len <= name_len || line[name_len] != ':' || memcmp(line, name, name_len) != 0) continue;
		*value_len = line_len - name_len - 1;
		return line + name_len + 1;
	}
	return NULL;
}

bool mpsk_info_text(char *out, size_t size, char const *info, size_t len, char const *name)
{
	size_t value_len = 0;
	char const *value = mpsk_info_value(&value_len, info, len, name);

	if (value_len >= size) value_len = size - 1;
	for (size_t i = 0; i < value_len; i++) out[i] = value[i] >= ' ' && value[i] <= '~' ? value[i] : '?';
	out[value_len] = '\0';
	return value != NULL;
}

bool mpsk_info_number(int64_t *number, char const *info, size_t len, char const *name)
{
	size_t value_len = 0;
	char const *value = mpsk_info_value(&value_len, info, len, name);
	int64_t n = 0;

	if (!value || value_len == 0) return false;
	for (size_t i = 0; i < value_len; i++) {
		int digit = value[i] - '0';

		if (digit < 0 || digit > 9 || n > (INT64_MAX - digit) / 10) return false;
		n = n * 10 + digit;
	}
	*number = n;
	return true;
}

void mpsk_info_server(char name[static MPSK_INFO_NAME_MAX], char version[static MPSK_INFO_VERSION_MAX],
		      char const *info, size_t len)
{
	bool forked = mpsk_info_text(name, MPSK_INFO_NAME_MAX, info, len, "server_name");
	char field[32];

	if (!forked) snprintf(name, MPSK_INFO_NAME_MAX, "redis");
	/* Valkey keeps redis_version at the last that it is compatible with. */
	snprintf(field, sizeof(field), "%s_version", name);
	if (!mpsk_info_text(version, MPSK_INFO_VERSION_MAX, info, len, field) && forked) {
		mpsk_info_text(version, MPSK_INFO_VERSION_MAX, info, len, "redis_version");
	}
}
