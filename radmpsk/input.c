/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/secret.h"

#define BUFFER_LEN (INPUT_MAX + 2)	/* room for \r\n */

/* By read(2): a stdio buffer would keep the secret. */
static bool first_line_read(char buffer[static BUFFER_LEN], size_t *len, int fd)
{
	size_t n = 0;

	while (n < BUFFER_LEN && !memchr(buffer, '\n', n)) {
		ssize_t got = read(fd, buffer + n, BUFFER_LEN - n);

		if (got < 0 && errno == EINTR) continue;
		if (got < 0) return false;
		if (got == 0) break;
		n += (size_t) got;
	}
	*len = n;
	return true;
}

static size_t line_length(char const *buffer, size_t len)
{
	char const *end = memchr(buffer, '\n', len);

	if (!end) return len;
	if (end > buffer && end[-1] == '\r') end--;
	return (size_t) (end - buffer);
}

static mpsk_status_t file_read(char buffer[static BUFFER_LEN], size_t *len, char const *path, mpsk_error_t *err)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	mpsk_status_t status = MPSK_OK;

	if (fd < 0 || !first_line_read(buffer, len, fd)) {
		status = mpsk_error_set(err, MPSK_BAD, "%s: %s", standard ? "standard input" : path, strerror(errno));
	}
	if (fd >= 0 && !standard) close(fd);
	if (status == MPSK_OK) *len = line_length(buffer, *len);
	return status;
}

static mpsk_status_t terminal_read(char buffer[static BUFFER_LEN], size_t *len, char const *prompt, mpsk_error_t *err)
{
	if (EVP_read_pw_string_min(buffer, 0, BUFFER_LEN - 1, prompt, 0) != 0) {
		return mpsk_error_set(err, MPSK_BAD, "nothing could be read from the terminal");
	}
	*len = strlen(buffer);
	return MPSK_OK;
}

mpsk_status_t input_secret_read(uint8_t *out, size_t size, size_t *len, char const *path, char const *prompt,
				mpsk_error_t *err)
{
	char buffer[BUFFER_LEN] = "";
	mpsk_status_t status = path ? file_read(buffer, len, path, err) : terminal_read(buffer, len, prompt, err);

	if (status == MPSK_OK && !*len) {
		status = mpsk_error_set(err, MPSK_BAD, "%s: the first line is empty", path ? path : "the terminal");
	}
	if (status == MPSK_OK && *len > size) {
		status = mpsk_error_set(err, MPSK_BAD, "%s: the first line has over %zu octets",
					path ? path : "the terminal", size);
	}
	if (status == MPSK_OK) memcpy(out, buffer, *len);
	else mpsk_secret_wipe(out, size);
	mpsk_secret_wipe(buffer, sizeof(buffer));
	return status;
}
