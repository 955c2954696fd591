/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cursor.h"
#include "key/zone_rule.h"

#define FOLDER		"/usr/share/zoneinfo/"
#define FILE_MAX_LEN	65536
#define TRANSITIONS_MAX	4096
#define TYPES_MAX	256

typedef struct {
	int64_t	at;
	int32_t	offset;		/* from then on */
} transition_t;

struct mpsk_zone {
	mpsk_zone_t		*next;
	char			name[MPSK_ZONE_NAME_MAX + 1];
	int32_t			first;	/* before the first transition */
	transition_t		*transitions;
	size_t			n;
	bool			has_rule;
	mpsk_zone_rule_t	rule;	/* after the last */
};

/*
 * --- A file ---
 */
typedef struct {
	uint8_t		version;
	uint32_t	n_utc, n_standard, n_leaps, n_times, n_types, n_chars;
} header_t;

static bool header_read(header_t *header, mpsk_cursor_t *c)
{
	uint8_t const *magic = mpsk_cursor_take(c, 4);

	if (!magic || memcmp(magic, "TZif", 4) != 0) return false;
	header->version = mpsk_cursor_u8(c);
	mpsk_cursor_take(c, 15);
	header->n_utc = mpsk_cursor_be32(c);
	header->n_standard = mpsk_cursor_be32(c);
	header->n_leaps = mpsk_cursor_be32(c);
	header->n_times = mpsk_cursor_be32(c);
	header->n_types = mpsk_cursor_be32(c);
	header->n_chars = mpsk_cursor_be32(c);
	return !c->failed && header->n_times <= TRANSITIONS_MAX && header->n_types >= 1 &&
	       header->n_types <= TYPES_MAX && header->n_chars <= FILE_MAX_LEN && header->n_leaps <= FILE_MAX_LEN &&
	       header->n_utc <= TYPES_MAX && header->n_standard <= TYPES_MAX;
}

/* What follows the times and their types. */
static void rest_skip(mpsk_cursor_t *c, header_t const *header, size_t time_len)
{
	mpsk_cursor_take(c, header->n_chars + header->n_leaps * (time_len + 4) + header->n_standard + header->n_utc);
}

static int64_t be64(mpsk_cursor_t *c)
{
	uint64_t high = mpsk_cursor_be32(c);

	return (int64_t) (high << 32 | mpsk_cursor_be32(c));
}

static bool body_read(mpsk_zone_t *zone, mpsk_cursor_t *c, header_t const *header)
{
	int32_t offsets[TYPES_MAX];
	mpsk_cursor_t types;

	for (size_t i = 0; i < header->n_times; i++) zone->transitions[i].at = be64(c);
	types = *c;
	mpsk_cursor_take(c, header->n_times);
	for (size_t i = 0; i < header->n_types; i++) {
		offsets[i] = (int32_t) mpsk_cursor_be32(c);
		mpsk_cursor_take(c, 2);	/* whether it is summer time; its name */
		if (offsets[i] < -26 * 3600 || offsets[i] > 26 * 3600) return false;
	}
	if (c->failed) return false;
	for (size_t i = 0; i < header->n_times; i++) {
		uint8_t type = mpsk_cursor_u8(&types);

		if (type >= header->n_types) return false;
		if (i > 0 && zone->transitions[i].at <= zone->transitions[i - 1].at) return false;
		zone->transitions[i].offset = offsets[type];
	}
	zone->first = offsets[0];
	zone->n = header->n_times;
	rest_skip(c, header, 8);
	return !c->failed;
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n", or nothing between the two. */
static bool footer_read(mpsk_zone_t *zone, mpsk_cursor_t const *c)
{
	char const *text = (char const *) c->p, *end;

	if (c->left < 2 || text[0] != '\n') return false;
	end = memchr(text + 1, '\n', c->left - 1);
	if (!end) return false;
	if (end == text + 1) return true;
	zone->has_rule = mpsk_zone_rule_parse(&zone->rule, text + 1, (size_t) (end - text - 1));
	return zone->has_rule;
}

mpsk_status_t mpsk_zone_read(mpsk_zone_t **out, uint8_t const *octets, size_t len, mpsk_error_t *err)
{
	mpsk_cursor_t c = mpsk_cursor(octets, len);
	mpsk_zone_t *zone;
	header_t header;
	bool good;

	*out = NULL;
	/* First comes all in 32 bits, for readers of old. */
	good = header_read(&header, &c) && header.version >= '2';
	if (good) {
		mpsk_cursor_take(&c, header.n_times * 5 + header.n_types * 6);
		rest_skip(&c, &header, 4);
		good = header_read(&header, &c);
	}
	if (!good) return mpsk_error_set(err, MPSK_BAD, "is no time zone's file of version 2 or later");
	zone = calloc(1, sizeof(*zone));
	if (zone) zone->transitions = calloc(header.n_times + 1, sizeof(*zone->transitions));
	if (!zone || !zone->transitions) {
		mpsk_zone_free(zone);
		return mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	if (!body_read(zone, &c, &header) || !footer_read(zone, &c)) {
		mpsk_zone_free(zone);
		return mpsk_error_set(err, MPSK_BAD, "is no whole time zone's file");
	}
	*out = zone;
	return MPSK_OK;
}

void mpsk_zone_free(mpsk_zone_t *zone)
{
	if (zone) free(zone->transitions);
	free(zone);
}

char const *mpsk_zone_name(mpsk_zone_t const *zone)
{
	return zone->name;
}

int32_t mpsk_zone_offset(mpsk_zone_t const *zone, int64_t at)
{
	size_t low = 0, high = zone->n;

	if (zone->has_rule && (zone->n == 0 || at >= zone->transitions[zone->n - 1].at))
		return mpsk_zone_rule_offset(&zone->rule, at);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->transitions[middle].at <= at) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low > 0 ? zone->transitions[low - 1].offset : zone->first;
}

/*
 * --- All that were asked for ---
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static mpsk_zone_t *zones;

/* With the process or the module, so that a server which loads it again and again loses nothing. */
__attribute__((destructor))
static void zones_free(void)
{
	while (zones) {
		mpsk_zone_t *next = zones->next;

		mpsk_zone_free(zones);
		zones = next;
	}
}

/* A path below the folder, and nothing that leads out of it. */
static bool name_valid(char const *name, size_t len)
{
	if (len == 0 || len > MPSK_ZONE_NAME_MAX || name[0] == '/') return false;
	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '-' || c == '+' || c == '/')) {
			return false;
		}
	}
	return true;
}

/* The octets of a zone's file, at most *len; MISS where there is none. */
static mpsk_status_t file_read(char const *name, uint8_t *octets, size_t *len, mpsk_error_t *err)
{
	char path[sizeof(FOLDER) + MPSK_ZONE_NAME_MAX] = FOLDER;
	size_t room = *len;
	ssize_t n = 0;
	int fd;

	strcat(path, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	for (*len = 0; fd >= 0 && *len < room && (n = read(fd, octets + *len, room - *len)) > 0;) *len += (size_t) n;
	if (fd >= 0) close(fd);
	if (fd >= 0 && n == 0) return MPSK_OK;
	return mpsk_error_set(err, MPSK_MISS, "there is no time zone '%s' in " FOLDER "%s", name,
			      access(FOLDER, F_OK) == 0 ? "" : ": is tzdata installed?");
}

static mpsk_status_t zone_load(mpsk_zone_t **zone, char const *name, mpsk_error_t *err)
{
	static char const utc[] = "UTC";
	size_t len = FILE_MAX_LEN;
	uint8_t *octets;
	mpsk_error_t why;
	mpsk_status_t status;

	if (strcmp(name, utc) == 0) {
		*zone = calloc(1, sizeof(**zone));
		return *zone ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	octets = malloc(len);
	if (!octets) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = file_read(name, octets, &len, err);
	if (status == MPSK_OK) {
		status = mpsk_zone_read(zone, octets, len, &why);
		if (status != MPSK_OK) (void) mpsk_error_set(err, status, "time zone '%s' %s", name, why.text);
	}
	free(octets);
	return status;
}

mpsk_status_t mpsk_zone_get(mpsk_zone_t const **out, char const *name, size_t len, mpsk_error_t *err)
{
	char text[MPSK_ZONE_NAME_MAX + 1] = "";
	mpsk_status_t status = MPSK_OK;
	mpsk_zone_t *zone;

	*out = NULL;
	if (!name_valid(name, len)) {
		return mpsk_error_set(err, MPSK_MISS, "a time zone is missing, as Europe/Berlin or UTC");
	}
	memcpy(text, name, len);
	pthread_mutex_lock(&lock);
	for (zone = zones; zone && strcmp(zone->name, text) != 0;) zone = zone->next;
	if (!zone) {
		status = zone_load(&zone, text, err);
		if (status == MPSK_OK) {
			memcpy(zone->name, text, sizeof(text));
			zone->next = zones;
			zones = zone;
		}
	}
	pthread_mutex_unlock(&lock);
	if (status == MPSK_OK) *out = zone;
	return status;
}
