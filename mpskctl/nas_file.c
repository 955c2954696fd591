/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nas_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/secret.h"

#define LINE_MAX_LEN	1024
#define FIELDS_MAX	8
#define EVERYBODY	"*"

typedef struct {
	char		who[MPSK_NAS_ID_MAX + 1];
	mpsk_nas_coa_t	coa;
} entry_t;

struct ctl_nas_file {
	entry_t	*entries;
	size_t	n, room;
};

static int entries_wipe(entry_t *entries)
{
	mpsk_secret_wipe(entries, talloc_get_size(entries));
	return 0;
}

/* Never talloc_realloc(), which would leave secrets behind. */
static entry_t *entry_add(ctl_nas_file_t *file)
{
	size_t room = file->room ? 2 * file->room : 16;
	entry_t *entries;

	if (file->n < file->room) return &file->entries[file->n++];
	entries = talloc_zero_array(file, entry_t, room);
	if (!entries) return NULL;
	talloc_set_destructor(entries, entries_wipe);
	if (file->n) memcpy(entries, file->entries, file->n * sizeof(*entries));
	talloc_free(file->entries);
	file->entries = entries;
	file->room = room;
	return &file->entries[file->n++];
}

/* Part "name=value" words, the last of which is the secret; false where there is another word. */
static bool fields_part(mpsk_field_t fields[static FIELDS_MAX], size_t *n, char *p)
{
	for (*n = 0; *n < FIELDS_MAX && *p; (*n)++) {
		mpsk_field_t *field = &fields[*n];
		char *equals = strchr(p, '='), *end;

		if (!equals) return false;
		*field = (mpsk_field_t) { .name = p, .name_len = (size_t) (equals - p), .value = equals + 1 };
		*equals = '\0';
		if (strcmp(p, "secret") == 0) {
			field->value_len = strlen(field->value);
			(*n)++;
			return true;
		}
		if (mpsk_nas_field_check(p, "", 0, NULL) != MPSK_OK) return false;
		end = equals + 1 + strcspn(equals + 1, " \t");
		field->value_len = (size_t) (end - field->value);
		p = end + strspn(end, " \t");
		*end = '\0';
	}
	return false;
}

static mpsk_status_t line_read(ctl_nas_file_t *file, char *line, mpsk_error_t *err)
{
	mpsk_field_t fields[FIELDS_MAX];
	size_t n = 0, who_len = strcspn(line, " \t");
	entry_t *entry;

	if (!mpsk_nas_id_valid(line, who_len)) return mpsk_error_set(err, MPSK_BAD, "its first word is no NAS's id");
	if (!fields_part(fields, &n, line + who_len + strspn(line + who_len, " \t"))) {
		return mpsk_error_set(err, MPSK_BAD, "after the NAS stand coa_port=, coa_address=, coa_cache= and "
				      "coa_dialect=, each or none, and at the end secret=");
	}
	entry = entry_add(file);
	if (!entry) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	memcpy(entry->who, line, who_len);
	entry->who[who_len] = '\0';
	/* Nothing here is sealed: it never leaves the machine. */
	if (mpsk_nas_coa_parse(&entry->coa, entry->who, fields, n, NULL, err) != MPSK_OK) return MPSK_BAD;
	return entry->coa.secret_len ? MPSK_OK : mpsk_error_set(err, MPSK_BAD, "secret: it is empty");
}

static mpsk_status_t mode_check(FILE *stream, mpsk_error_t *err)
{
	struct stat st;

	if (fstat(fileno(stream), &st) != 0) return mpsk_error_set(err, MPSK_BAD, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode)) return mpsk_error_set(err, MPSK_BAD, "it is no file");
	if (!(st.st_mode & (S_IWGRP | S_IRWXO))) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "its mode is %04o: others than its owner may write it, or anybody read "
			      "it; chmod 0600", (unsigned) (st.st_mode & 07777));
}

static mpsk_status_t stream_read(ctl_nas_file_t *file, FILE *stream, mpsk_error_t *err)
{
	char line[LINE_MAX_LEN];
	mpsk_error_t why = { "" };
	mpsk_status_t status = mode_check(stream, err);

	for (unsigned number = 1; status == MPSK_OK && fgets(line, sizeof(line), stream); number++) {
		char *start = line + strspn(line, " \t");
		size_t len = strlen(line);

		if (len == sizeof(line) - 1 && line[len - 1] != '\n') {
			status = mpsk_error_set(err, MPSK_BAD, "line %u: over %d octets", number, LINE_MAX_LEN - 2);
			break;
		}
		line[strcspn(line, "\r\n")] = '\0';
		if (*start == '\0' || *start == '#') continue;
		status = line_read(file, start, &why);
		if (status != MPSK_OK) mpsk_error_set(err, status, "line %u: %s", number, why.text);
	}
	mpsk_secret_wipe(line, sizeof(line));
	return status;
}

mpsk_status_t ctl_nas_file_load(TALLOC_CTX *ctx, ctl_nas_file_t **out, char const *path, mpsk_error_t *err)
{
	FILE *stream = fopen(path, "re");
	ctl_nas_file_t *file;
	mpsk_error_t why = { "" };
	mpsk_status_t status;

	*out = NULL;
	if (!stream) return mpsk_error_set(err, MPSK_BAD, "%s: %s", path, strerror(errno));
	(void) setvbuf(stream, NULL, _IONBF, 0);	/* a buffer would keep secrets */
	file = talloc_zero(ctx, ctl_nas_file_t);
	status = file ? stream_read(file, stream, &why) : mpsk_error_set(&why, MPSK_ERR, "out of memory");
	fclose(stream);
	if (status != MPSK_OK) {
		talloc_free(file);
		return mpsk_error_set(err, status, "%s: %s", path, why.text);
	}
	*out = file;
	return MPSK_OK;
}

mpsk_nas_coa_t const *ctl_nas_file_find(ctl_nas_file_t const *file, char const *id, char const *address)
{
	for (size_t i = 0; i < file->n; i++) {
		entry_t const *entry = &file->entries[i];

		if (strcmp(entry->who, EVERYBODY) == 0 || strcmp(entry->who, id) == 0 ||
		    (address[0] && strcmp(entry->who, address) == 0)) return &entry->coa;
	}
	return NULL;
}
