/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/snapshot_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/secret.h"
#include "base/text.h"
#include "store/snapshot_last.h"
#include "store/snapshot_seal.h"

#define HEAD_LEN 4

typedef struct {
	char const		*path;
	int			fd;
	size_t			left;	/* octets of the file that were not read yet */
	mpsk_snapshot_seal_t	seal;
	uint8_t			*box;
	uint8_t			*octets;	/* in clear */
} reader_t;

static int reader_close(reader_t *reader)
{
	if (reader->fd >= 0) close(reader->fd);
	mpsk_secret_wipe(&reader->seal, sizeof(reader->seal));
	return 0;
}

static mpsk_status_t reader_open(reader_t *reader, mpsk_error_t *err)
{
	struct stat st;

	reader->fd = open(reader->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (reader->fd < 0) {
		return mpsk_error_set(err, errno == ENOENT ? MPSK_MISS : MPSK_ERR, "%s: %s", reader->path,
				      strerror(errno));
	}
	if (fstat(reader->fd, &st) != 0) return mpsk_error_set(err, MPSK_ERR, "%s: %s", reader->path, strerror(errno));
	if (!S_ISREG(st.st_mode)) return mpsk_error_set(err, MPSK_BAD, "%s: it is no file", reader->path);
	reader->left = (size_t) st.st_size;
	return MPSK_OK;
}

static mpsk_status_t read_all(reader_t *reader, uint8_t *octets, size_t len, mpsk_error_t *err)
{
	if (len > reader->left) return mpsk_error_set(err, MPSK_BAD, "%s: it is cut short", reader->path);
	reader->left -= len;
	while (len > 0) {
		ssize_t n = read(reader->fd, octets, len);

		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return mpsk_error_set(err, MPSK_ERR, "%s: %s", reader->path, strerror(errno));
		if (n == 0) return mpsk_error_set(err, MPSK_BAD, "%s: it is cut short", reader->path);
		octets += n;
		len -= (size_t) n;
	}
	return MPSK_OK;
}

static mpsk_status_t header_read(reader_t *reader, mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	uint8_t header[MPSK_SNAPSHOT_HEADER_LEN];
	char const *id = (char const *) header + MPSK_SNAPSHOT_MAGIC_LEN + 2;
	mpsk_status_t status = read_all(reader, header, sizeof(header), err);
	mpsk_kek_t const *kek;
	size_t id_len;

	if (status != MPSK_OK) return status;
	if (memcmp(header, MPSK_SNAPSHOT_MAGIC, MPSK_SNAPSHOT_MAGIC_LEN) != 0) {
		return mpsk_error_set(err, MPSK_BAD, "%s: it is no snapshot", reader->path);
	}
	if (header[MPSK_SNAPSHOT_MAGIC_LEN] != MPSK_SNAPSHOT_VERSION) {
		return mpsk_error_set(err, MPSK_BAD, "%s: it is of version %u, and only %d is known", reader->path,
				      header[MPSK_SNAPSHOT_MAGIC_LEN], MPSK_SNAPSHOT_VERSION);
	}
	id_len = header[MPSK_SNAPSHOT_MAGIC_LEN + 1];
	if (id_len > MPSK_KEK_ID_MAX || !mpsk_id_valid(id, id_len)) {
		return mpsk_error_set(err, MPSK_BAD, "%s: its header is malformed", reader->path);
	}
	kek = mpsk_keyring_find(keyring, id, id_len);
	if (!kek) {
		return mpsk_error_set(err, MPSK_MISS, "%s: sealed with the key '%.*s', which the keyring does not "
				      "hold: add it there", reader->path, (int) id_len, id);
	}
	if (mpsk_snapshot_seal_init(&reader->seal, kek, header)) return MPSK_OK;
	return mpsk_error_set(err, MPSK_ERR, "libcrypto has no HMAC-SHA256");
}

static mpsk_status_t reader_reserve(reader_t *reader, size_t len, mpsk_error_t *err)
{
	if (talloc_get_size(reader->octets) < len + 1) {
		TALLOC_FREE(reader->box);
		TALLOC_FREE(reader->octets);
		reader->box = talloc_size(reader, len + MPSK_SNAPSHOT_TAG_LEN);
		reader->octets = talloc_size(reader, len + 1);
	}
	return reader->box && reader->octets ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "out of memory");
}

/* The next chunk in clear, to be wiped. */
static mpsk_status_t chunk_read(reader_t *reader, size_t *len, bool *last, mpsk_error_t *err)
{
	uint8_t head[HEAD_LEN];
	mpsk_cursor_t c = mpsk_cursor(head, sizeof(head));
	mpsk_status_t status = read_all(reader, head, sizeof(head), err);
	uint32_t number = status == MPSK_OK ? mpsk_cursor_be32(&c) : 0;

	*len = number & ~MPSK_SNAPSHOT_LAST;
	*last = (number & MPSK_SNAPSHOT_LAST) != 0;
	/* Nothing is authentic yet: a length beyond the file's end must not be made room for. */
	if (status == MPSK_OK && (*len > MPSK_SNAPSHOT_CHUNK_MAX || *len + MPSK_SNAPSHOT_TAG_LEN > reader->left)) {
		status = mpsk_error_set(err, MPSK_BAD, "%s: it is cut short, or changed", reader->path);
	}
	if (status == MPSK_OK) status = reader_reserve(reader, *len, err);
	if (status == MPSK_OK) status = read_all(reader, reader->box, *len + MPSK_SNAPSHOT_TAG_LEN, err);
	if (status != MPSK_OK) return status;
	if (mpsk_snapshot_seal_open(&reader->seal, reader->octets, reader->box, *len, *last)) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "%s: it was changed, or sealed with another key of that id", reader->path);
}

static mpsk_status_t chunks_read(reader_t *reader, mpsk_snapshot_use_t use, void *uctx, mpsk_snapshot_info_t *info,
				 mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;
	bool last = false;

	while (status == MPSK_OK && !last) {
		size_t len;

		status = chunk_read(reader, &len, &last, err);
		if (status != MPSK_OK) return status;
		if (last && (!mpsk_snapshot_last_get(info, reader->octets, len) || reader->left > 0)) {
			status = mpsk_error_set(err, MPSK_BAD, "%s: its end is malformed", reader->path);
		} else if (!last && use) {
			status = use(uctx, reader->octets, len, err);
		}
		mpsk_secret_wipe(reader->octets, len);
	}
	return status;
}

mpsk_status_t mpsk_snapshot_read(char const *path, mpsk_keyring_t const *keyring, mpsk_snapshot_use_t use, void *uctx,
				 mpsk_snapshot_info_t *info, mpsk_error_t *err)
{
	reader_t *reader = talloc_zero(NULL, reader_t);
	mpsk_status_t status;

	if (!reader) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	reader->path = path;
	reader->fd = -1;
	talloc_set_destructor(reader, reader_close);
	status = reader_open(reader, err);
	if (status == MPSK_OK) status = header_read(reader, keyring, err);
	if (status == MPSK_OK) status = chunks_read(reader, use, uctx, info, err);
	talloc_free(reader);
	return status;
}
