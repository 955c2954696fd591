/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vector.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"

#define LINE_MAX_LEN (3 * VECTOR_PACKET_MAX)

/* One name=value line in hex: where it goes, and how many octets it has (0: as many as there are). */
typedef struct {
	char const	*name;
	size_t		offset;
	size_t		len;
	size_t		max;
	size_t		len_offset;
} field_t;

#define FIXED(_name, _member, _len) { _name, offsetof(vector_t, _member), _len, _len, 0 }
#define OPEN(_name, _member) { \
	_name, offsetof(vector_t, _member), 0, sizeof(((vector_t *) NULL)->_member), \
	offsetof(vector_t, _member##_len) \
}

static field_t const fields[] = {
	FIXED("pmk", pmk, WPA_PMK_LEN),
	FIXED("bssid", bssid, MPSK_MAC_LEN),
	FIXED("sta", sta, MPSK_MAC_LEN),
	FIXED("anonce", anonce, WPA_NONCE_LEN),
	OPEN("passphrase", passphrase),
	OPEN("eapol", frame),
	OPEN("request", request),
	OPEN("answer", answer),
};

static void field_read(vector_t *vector, field_t const *field, char const *value)
{
	size_t len = strlen(value) / 2;

	assert_true(field->len ? len == field->len : len && len <= field->max);
	assert_true(mpsk_hex_decode((uint8_t *) vector + field->offset, len, value, strlen(value)));
	if (!field->len) memcpy((uint8_t *) vector + field->len_offset, &len, sizeof(len));
}

static bool line_read(vector_t *vector, char *line)
{
	char *value = strchr(line, '=');
	uint8_t octets[MPSK_SSID_MAX];

	if (line[0] == '#' || !value) return false;
	*value++ = '\0';
	value[strcspn(value, "\r\n")] = '\0';

	if (strcmp(line, "ssid") == 0) {
		assert_true(mpsk_hex_decode(octets, strlen(value) / 2, value, strlen(value)));
		return mpsk_ssid_set(&vector->ssid, octets, strlen(value) / 2);
	}
	if (strcmp(line, "akm") == 0) {
		vector->akm = (uint32_t) strtoul(value, NULL, 16);
		return true;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcmp(line, fields[i].name) != 0) continue;
		field_read(vector, &fields[i], value);
		return true;
	}
	return false;
}

static void vector_load(vector_t *vector, char const *dir, char const *name)
{
	static char line[LINE_MAX_LEN];
	char path[4096];
	size_t read = 0;
	FILE *file;

	memset(vector, 0, sizeof(*vector));
	snprintf(vector->name, sizeof(vector->name), "%.*s", (int) strcspn(name, "."), name);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) read += line_read(vector, line);
	fclose(file);
	assert_int_equal(read, sizeof(fields) / sizeof(fields[0]) + 2);
}

static int is_vector(struct dirent const *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0;
}

void vectors_load(vector_t vectors[static VECTOR_COUNT])
{
	char const *srcdir = getenv("srcdir");
	char dir[2048];
	struct dirent **entries = NULL;
	int n;

	snprintf(dir, sizeof(dir), "%s/tests/vectors", srcdir ? srcdir : ".");
	n = scandir(dir, &entries, is_vector, alphasort);
	assert_int_equal(n, VECTOR_COUNT);
	for (int i = 0; i < n; i++) {
		vector_load(&vectors[i], dir, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

vector_t const *vector_find(vector_t const *vectors, char const *name)
{
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		if (strcmp(vectors[i].name, name) == 0) return &vectors[i];
	}
	fail_msg("no vector %s", name);
	return NULL;
}

mpsk_status_t vector_handshake(wpa_handshake_t *hs, vector_t const *vector, mpsk_error_t *err)
{
	wpa_relayed_t const relayed = {
		.aa = vector->bssid, .spa = vector->sta, .ssid = vector->ssid,
		.anonce = vector->anonce, .anonce_len = sizeof(vector->anonce),
		.frame = vector->frame, .frame_len = vector->frame_len,
	};

	return wpa_handshake_set(hs, &relayed, err);
}
