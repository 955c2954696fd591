/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/lines.h"

#include <string.h>

#include "store/outbox.h"

#define LINE_HEAD 6	/* XADD, the stream, MAXLEN, ~, how many, * */
#define STRING(_x) #_x
#define DIGITS(_x) STRING(_x)

void mpsk_lines_init(mpsk_lines_t *lines, size_t max, size_t max_octets)
{
	*lines = (mpsk_lines_t) { .max = max, .max_octets = max_octets };
	TAILQ_INIT(&lines->list);
}

/* Where the texts of a line go, one behind the other. */
typedef struct {
	mpsk_line_t	*line;
	char		*at;
} room_t;

static void room_put(room_t *room, char const *text, size_t len)
{
	mpsk_line_t *line = room->line;

	memcpy(room->at, text, len);
	room->at[len] = '\0';
	line->argv[line->argc] = room->at;
	line->argvlen[line->argc++] = len;
	room->at += len + 1;
}

mpsk_line_t *mpsk_line_create(char const *stream, mpsk_field_t const *fields, size_t n)
{
	char const *const head[LINE_HEAD] = { "XADD", stream, "MAXLEN", "~", DIGITS(MPSK_STREAM_MAXLEN), "*" };
	size_t argc = LINE_HEAD + 2 * n, octets = 0;
	mpsk_line_t *line = talloc_zero(NULL, mpsk_line_t);
	room_t room = { .line = line };

	if (!line) return NULL;
	for (size_t i = 0; i < LINE_HEAD; i++) octets += strlen(head[i]) + 1;
	for (size_t i = 0; i < n; i++) octets += fields[i].name_len + fields[i].value_len + 2;
	line->argv = talloc_array(line, char const *, argc);
	line->argvlen = talloc_array(line, size_t, argc);
	room.at = talloc_size(line, octets);
	if (!line->argv || !line->argvlen || !room.at) {
		talloc_free(line);
		return NULL;
	}
	line->octets = octets + argc * (sizeof(char *) + sizeof(size_t)) + sizeof(*line);
	for (size_t i = 0; i < LINE_HEAD; i++) room_put(&room, head[i], strlen(head[i]));
	for (size_t i = 0; i < n; i++) {
		room_put(&room, fields[i].name, fields[i].name_len);
		room_put(&room, fields[i].value, fields[i].value_len);
	}
	return line;
}

static void lines_remove(mpsk_lines_t *lines, mpsk_line_t *line)
{
	TAILQ_REMOVE(&lines->list, line, order);
	lines->n--;
	lines->octets -= line->octets;
}

static size_t lines_fit(mpsk_lines_t *lines)
{
	size_t dropped = 0;

	while (lines->n > lines->max || lines->octets > lines->max_octets) {
		talloc_free(mpsk_lines_take(lines));
		dropped++;
	}
	return dropped;
}

size_t mpsk_lines_add(mpsk_lines_t *lines, mpsk_line_t *line)
{
	TAILQ_INSERT_TAIL(&lines->list, line, order);
	lines->n++;
	lines->octets += line->octets;
	return lines_fit(lines);
}

size_t mpsk_lines_put_back(mpsk_lines_t *lines, mpsk_line_t *line)
{
	TAILQ_INSERT_HEAD(&lines->list, line, order);
	lines->n++;
	lines->octets += line->octets;
	return lines_fit(lines);
}

mpsk_line_t *mpsk_lines_take(mpsk_lines_t *lines)
{
	mpsk_line_t *line = TAILQ_FIRST(&lines->list);

	if (line) lines_remove(lines, line);
	return line;
}

void mpsk_lines_clear(mpsk_lines_t *lines)
{
	mpsk_line_t *line;

	while ((line = mpsk_lines_take(lines)) != NULL) talloc_free(line);
}
