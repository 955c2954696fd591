/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/replay.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/secret.h"

#define LINE_MAX_LEN (2 * WPA_FRAME_MAX + 64)
#define SUITE_LEN 4

/* What a line's octets go into. */
typedef struct {
	size_t	len;
	uint8_t	octets[WPA_FRAME_MAX];
} value_t;

static bool take_ssid(replay_t *replay, value_t const *value)
{
	return mpsk_ssid_set(&replay->ssid, value->octets, value->len);
}

static bool take_bssid(replay_t *replay, value_t const *value)
{
	memcpy(replay->bssid.octets, value->octets, MPSK_MAC_LEN);
	return value->len == MPSK_MAC_LEN;
}

static bool take_sta(replay_t *replay, value_t const *value)
{
	memcpy(replay->mac.octets, value->octets, MPSK_MAC_LEN);
	return value->len == MPSK_MAC_LEN;
}

static bool take_akm(replay_t *replay, value_t const *value)
{
	for (size_t i = 0; i < SUITE_LEN; i++) replay->suite = replay->suite << 8 | value->octets[i];
	return value->len == SUITE_LEN && replay->suite;
}

static bool take_anonce(replay_t *replay, value_t const *value)
{
	memcpy(replay->anonce, value->octets, WPA_NONCE_LEN);
	return value->len == WPA_NONCE_LEN;
}

static bool take_eapol(replay_t *replay, value_t const *value)
{
	memcpy(replay->frame, value->octets, value->len);
	replay->frame_len = value->len;
	return value->len > 0;
}

static bool take_passphrase(replay_t *replay, value_t const *value)
{
	return wpa_psk_set(&replay->psk, value->octets, value->len, NULL) == MPSK_OK;
}

static struct {
	char const	*name;
	bool		optional;
	bool		(*take)(replay_t *replay, value_t const *value);
} const fields[] = {
	{ "ssid", false, take_ssid },
	{ "bssid", false, take_bssid },
	{ "sta", false, take_sta },
	{ "akm", false, take_akm },
	{ "anonce", false, take_anonce },
	{ "eapol", false, take_eapol },
	{ "passphrase", true, take_passphrase },
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static mpsk_status_t line_take(replay_t *replay, bool seen[static N_FIELDS], char *line, mpsk_error_t *err)
{
	char *hex = strchr(line, '=');
	value_t value = { 0 };
	size_t len;
	bool good;

	if (!hex) return MPSK_OK;
	*hex++ = '\0';
	len = strcspn(hex, "\r\n");
	for (size_t i = 0; i < N_FIELDS; i++) {
		if (strcmp(line, fields[i].name) != 0) continue;
		value.len = len / 2 < sizeof(value.octets) ? len / 2 : sizeof(value.octets);
		good = !seen[i] && mpsk_hex_decode(value.octets, value.len, hex, len) && fields[i].take(replay, &value);
		mpsk_secret_wipe(&value, sizeof(value));
		if (!good) return mpsk_error_set(err, MPSK_BAD, "%s: malformed, or there twice", fields[i].name);
		seen[i] = true;
	}
	return MPSK_OK;
}

static mpsk_status_t file_take(replay_t *replay, FILE *file, mpsk_error_t *err)
{
	char line[LINE_MAX_LEN];
	bool seen[N_FIELDS] = { false };
	mpsk_status_t status = MPSK_OK;

	while (status == MPSK_OK && fgets(line, sizeof(line), file)) status = line_take(replay, seen, line, err);
	mpsk_secret_wipe(line, sizeof(line));
	for (size_t i = 0; status == MPSK_OK && i < N_FIELDS; i++) {
		if (!seen[i] && !fields[i].optional) {
			status = mpsk_error_set(err, MPSK_BAD, "there is no line %s=", fields[i].name);
		}
	}
	return status;
}

mpsk_status_t replay_read(replay_t *replay, char const *path, mpsk_error_t *err)
{
	FILE *file = fopen(path, "re");
	mpsk_error_t why = { "" };
	mpsk_status_t status;

	memset(replay, 0, sizeof(*replay));
	if (!file) return mpsk_error_set(err, MPSK_BAD, "%s: %s", path, strerror(errno));
	(void) setvbuf(file, NULL, _IONBF, 0);	/* it may hold a passphrase, which a buffer would keep */
	status = file_take(replay, file, &why);
	fclose(file);
	return status == MPSK_OK ? status : mpsk_error_set(err, status, "%s: %s", path, why.text);
}
