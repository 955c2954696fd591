/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/secret.h"
#include "base/text.h"
#include "key/base64.h"

#define FILE_MAX_LEN (64 * 1024)

/* A whole keyring file: a secret. */
typedef struct {
	size_t	len;
	char	text[FILE_MAX_LEN + 1];
} file_t;

static int file_wipe(file_t *file)
{
	mpsk_secret_wipe(file, sizeof(*file));
	return 0;
}

static int keyring_wipe(mpsk_keyring_t *keyring)
{
	mpsk_secret_wipe(keyring, sizeof(*keyring));
	return 0;
}

static bool kek_id_valid(char const *id, size_t len)
{
	return len <= MPSK_KEK_ID_MAX && mpsk_id_valid(id, len);
}

static mpsk_status_t mode_check(int fd, char const *path, mpsk_error_t *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0) return mpsk_error_set(err, MPSK_ERR, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode)) return mpsk_error_set(err, MPSK_BAD, "%s: it is no file", path);
	if (!(st.st_mode & (S_IWGRP | S_IRWXO))) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "%s: others may read or write it (mode %04o); chmod 0400 or 0440 it", path,
			      (unsigned) (st.st_mode & 07777));
}

static mpsk_status_t file_read(file_t *file, char const *path, mpsk_error_t *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	mpsk_status_t status;
	ssize_t n = 0;

	if (fd < 0) return mpsk_error_set(err, errno == ENOENT ? MPSK_MISS : MPSK_ERR, "%s: %s", path, strerror(errno));
	status = mode_check(fd, path, err);
	while (status == MPSK_OK && file->len < FILE_MAX_LEN &&
	       (n = read(fd, file->text + file->len, FILE_MAX_LEN - file->len)) > 0) {
		file->len += (size_t) n;
	}
	if (status == MPSK_OK && n < 0) status = mpsk_error_set(err, MPSK_ERR, "%s: %s", path, strerror(errno));
	if (status == MPSK_OK && file->len == FILE_MAX_LEN) {
		status = mpsk_error_set(err, MPSK_BAD, "%s: it is too long for a keyring", path);
	}
	close(fd);
	return status;
}

static mpsk_status_t line_read(mpsk_keyring_t *keyring, char const *line, size_t len, mpsk_error_t *why)
{
	char const *space = memchr(line, ' ', len);
	size_t id_len = space ? (size_t) (space - line) : len, n;
	mpsk_kek_t *kek = &keyring->keks[keyring->n];

	if (!kek_id_valid(line, id_len)) {
		return mpsk_error_set(why, MPSK_BAD, "the id is not 1 to %d of letters, digits, '.', '_' and '-'",
				      MPSK_KEK_ID_MAX);
	}
	if (mpsk_keyring_find(keyring, line, id_len)) return mpsk_error_set(why, MPSK_BAD, "the id stands there twice");
	if (keyring->n == MPSK_KEYRING_MAX) {
		return mpsk_error_set(why, MPSK_BAD, "more than %d keys", MPSK_KEYRING_MAX);
	}
	if (!space || !mpsk_base64_decode(kek->octets, sizeof(kek->octets), &n, space + 1, len - id_len - 1) ||
	    n != MPSK_KEK_LEN) {
		return mpsk_error_set(why, MPSK_BAD, "no 32 octets in base64 stand behind the id and a space");
	}
	memcpy(kek->id, line, id_len);
	kek->id[id_len] = '\0';
	keyring->n++;
	return MPSK_OK;
}

static mpsk_status_t lines_read(mpsk_keyring_t *keyring, file_t const *file, char const *path, mpsk_error_t *err)
{
	char const *line = file->text, *end = file->text + file->len;

	for (unsigned number = 1; line < end; number++) {
		char const *newline = memchr(line, '\n', (size_t) (end - line));
		size_t len = (size_t) ((newline ? newline : end) - line);
		mpsk_error_t why = { "" };

		if (len > 0 && line[0] != '#' && line_read(keyring, line, len, &why) != MPSK_OK) {
			return mpsk_error_set(err, MPSK_BAD, "%s: line %u: %s", path, number, why.text);
		}
		line += len + 1;
	}
	return keyring->n > 0 ? MPSK_OK : mpsk_error_set(err, MPSK_BAD, "%s: it holds no key", path);
}

mpsk_status_t mpsk_keyring_load(TALLOC_CTX *ctx, mpsk_keyring_t **out, char const *path, mpsk_error_t *err)
{
	file_t *file = talloc_zero(NULL, file_t);
	mpsk_keyring_t *keyring = talloc_zero(ctx, mpsk_keyring_t);
	mpsk_status_t status = MPSK_ERR;

	*out = NULL;
	if (file && keyring) {
		talloc_set_destructor(file, file_wipe);
		talloc_set_destructor(keyring, keyring_wipe);
		status = file_read(file, path, err);
		if (status == MPSK_OK) status = lines_read(keyring, file, path, err);
	} else {
		(void) mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	talloc_free(file);
	if (status == MPSK_OK) *out = keyring;
	else talloc_free(keyring);
	return status;
}

mpsk_kek_t const *mpsk_keyring_find(mpsk_keyring_t const *keyring, char const *id, size_t len)
{
	for (size_t i = 0; i < keyring->n; i++) {
		mpsk_kek_t const *kek = &keyring->keks[i];

		if (strlen(kek->id) == len && memcmp(kek->id, id, len) == 0) return kek;
	}
	return NULL;
}

mpsk_kek_t const *mpsk_keyring_newest(mpsk_keyring_t const *keyring)
{
	return &keyring->keks[keyring->n - 1];
}

mpsk_status_t mpsk_keyring_line(char out[static MPSK_KEYRING_LINE_MAX], char const *id, mpsk_error_t *err)
{
	uint8_t octets[MPSK_KEK_LEN];
	size_t len = strlen(id);

	if (!kek_id_valid(id, len)) {
		return mpsk_error_set(err, MPSK_BAD, "the id is not 1 to %d of letters, digits, '.', '_' and '-'",
				      MPSK_KEK_ID_MAX);
	}
	if (RAND_priv_bytes(octets, sizeof(octets)) != 1) return mpsk_error_set(err, MPSK_ERR, "no randomness");
	memcpy(out, id, len);
	out[len++] = ' ';
	len += mpsk_base64_encode(out + len, octets, sizeof(octets));
	memcpy(out + len, "\n", 2);
	mpsk_secret_wipe(octets, sizeof(octets));
	return MPSK_OK;
}
