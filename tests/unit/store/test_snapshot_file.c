/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of a snapshot: what is written is read, and nothing else is.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "key/pmk_field.h"
#include "key/seal.h"
#include "redis.h"
#include "ring.h"
#include "store/snapshot.h"
#include "store/snapshot_row.h"

#define FILE_LEN_MAX	65536
#define PATIENCE_MS	20000

static char dir[] = "/tmp/mpsk-test-XXXXXX";
static char path[RING_PATH_MAX], ring_path[RING_PATH_MAX], other_path[RING_PATH_MAX];
static mpsk_keyring_t *ring, *other_ring;
static mpsk_error_t err;
static mpsk_snapshot_info_t const moment = {
	.in_step_at = 1700000000, .meta = { .epoch = "an-epoch", .seen = 1699999999, .accepted = 12 },
};

static int start(void **state)
{
	(void) state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/keys.snapshot", dir);
	ring_make(ring_path, dir, "keyring", "k1", &ring);
	ring_make(other_path, dir, "other", "k1", &other_ring);
	return 0;
}

static int halt(void **state)
{
	(void) state;
	talloc_free(ring);
	talloc_free(other_ring);
	unlink(ring_path);
	unlink(other_path);
	return rmdir(dir);
}

static int clean(void **state)
{
	(void) state;
	unlink(path);
	return 0;
}

/* Chunks, one behind the other. */
typedef struct {
	char	octets[FILE_LEN_MAX];
	size_t	len;
} read_t;

static mpsk_status_t keep(void *uctx, uint8_t const *octets, size_t len, mpsk_error_t *why)
{
	read_t *read = uctx;

	(void) why;
	assert_true(read->len + len <= sizeof(read->octets));
	memcpy(read->octets + read->len, octets, len);
	read->len += len;
	return MPSK_OK;
}

static void chunk(mpsk_snapshot_writer_t *writer, char const *text)
{
	assert_int_equal(mpsk_snapshot_writer_chunk(writer, (uint8_t const *) text, strlen(text), &err), MPSK_OK);
}

static void write_three(void)
{
	mpsk_snapshot_writer_t *writer;

	assert_int_equal(mpsk_snapshot_writer_open(NULL, &writer, path, mpsk_keyring_newest(ring), &err), MPSK_OK);
	chunk(writer, "one ");
	chunk(writer, "two ");
	chunk(writer, "six ");
	assert_int_equal(mpsk_snapshot_writer_commit(&writer, &moment, &err), MPSK_OK);
	assert_null(writer);
}

static mpsk_status_t read_as(mpsk_keyring_t const *keyring, read_t *read, mpsk_snapshot_info_t *info)
{
	read->len = 0;
	return mpsk_snapshot_read(path, keyring, keep, read, info, &err);
}

static size_t slurp(uint8_t octets[static FILE_LEN_MAX])
{
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, octets, FILE_LEN_MAX);

	assert_true(n > 0);
	close(fd);
	return (size_t) n;
}

static void spit(uint8_t const *octets, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, octets, len), len);
	close(fd);
}

static void test_round_trip(void **state)
{
	mpsk_snapshot_info_t info;
	struct stat st;
	read_t read;

	(void) state;
	write_three();
	assert_int_equal(read_as(ring, &read, &info), MPSK_OK);
	assert_int_equal(read.len, 12);
	assert_memory_equal(read.octets, "one two six ", 12);
	assert_int_equal(info.in_step_at, moment.in_step_at);
	assert_string_equal(info.meta.epoch, moment.meta.epoch);
	assert_int_equal(info.meta.seen, moment.meta.seen);
	assert_int_equal(info.meta.accepted, moment.meta.accepted);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void test_given_up(void **state)
{
	mpsk_snapshot_writer_t *writer;
	mpsk_snapshot_info_t info;
	char beside[160];
	read_t read;

	(void) state;
	write_three();
	assert_int_equal(mpsk_snapshot_writer_open(NULL, &writer, path, mpsk_keyring_newest(ring), &err), MPSK_OK);
	chunk(writer, "lost");
	talloc_free(writer);
	assert_int_equal(read_as(ring, &read, &info), MPSK_OK);
	assert_int_equal(read.len, 12);
	snprintf(beside, sizeof(beside), "%s.new", path);
	assert_int_equal(access(beside, F_OK), -1);
	/* A link that somebody has laid there leads nowhere. */
	assert_int_equal(symlink("/nowhere", beside), 0);
	write_three();
	assert_int_equal(access(beside, F_OK), -1);
}

static void test_every_cut(void **state)
{
	static uint8_t octets[FILE_LEN_MAX];
	mpsk_snapshot_info_t info;
	read_t read;
	size_t len;

	(void) state;
	write_three();
	len = slurp(octets);
	for (size_t n = 0; n < len; n++) {
		spit(octets, n);
		assert_int_equal(read_as(ring, &read, &info), MPSK_BAD);
	}
	octets[len] = 0;
	spit(octets, len + 1);
	assert_int_equal(read_as(ring, &read, &info), MPSK_BAD);
}

static void test_every_flip(void **state)
{
	static uint8_t octets[FILE_LEN_MAX];
	mpsk_snapshot_info_t info;
	read_t read;
	size_t len;

	(void) state;
	write_three();
	len = slurp(octets);
	for (size_t i = 0; i < 8 * len; i++) {
		mpsk_status_t status;

		octets[i / 8] ^= (uint8_t) (1 << i % 8);
		spit(octets, len);
		status = read_as(ring, &read, &info);
		/* In the id of the KEK it is one that is not there. */
		assert_true(status == MPSK_BAD || status == MPSK_MISS);
		assert_true(err.text[0]);
		octets[i / 8] ^= (uint8_t) (1 << i % 8);
	}
}

#define HEADER_LEN	58
#define CHUNK_LEN	(4 + 4 + 16)

/* Chunks put in another order, left out, told twice, or taken from another file. */
static void test_mixed(void **state)
{
	static uint8_t octets[FILE_LEN_MAX], others[FILE_LEN_MAX], mixed[FILE_LEN_MAX];
	mpsk_snapshot_info_t info;
	read_t read;
	size_t len;

	(void) state;
	write_three();
	slurp(others);
	write_three();
	len = slurp(octets);

	memcpy(mixed, octets, len);
	memcpy(mixed + HEADER_LEN, octets + HEADER_LEN + CHUNK_LEN, CHUNK_LEN);
	memcpy(mixed + HEADER_LEN + CHUNK_LEN, octets + HEADER_LEN, CHUNK_LEN);
	spit(mixed, len);
	assert_int_equal(read_as(ring, &read, &info), MPSK_BAD);

	memcpy(mixed, octets, HEADER_LEN + CHUNK_LEN);
	memcpy(mixed + HEADER_LEN + CHUNK_LEN, octets + HEADER_LEN + 2 * CHUNK_LEN, len - HEADER_LEN - 2 * CHUNK_LEN);
	spit(mixed, len - CHUNK_LEN);
	assert_int_equal(read_as(ring, &read, &info), MPSK_BAD);

	memcpy(mixed, octets, HEADER_LEN + CHUNK_LEN);
	memcpy(mixed + HEADER_LEN + CHUNK_LEN, octets + HEADER_LEN, len - HEADER_LEN);
	spit(mixed, len + CHUNK_LEN);
	assert_int_equal(read_as(ring, &read, &info), MPSK_BAD);

	memcpy(mixed, octets, len);
	memcpy(mixed + HEADER_LEN, others + HEADER_LEN, CHUNK_LEN);
	spit(mixed, len);
	assert_int_equal(read_as(ring, &read, &info), MPSK_BAD);

	spit(octets, len);
	assert_int_equal(read_as(ring, &read, &info), MPSK_OK);
}

static void test_strangers(void **state)
{
	static uint8_t octets[FILE_LEN_MAX];
	mpsk_keyring_t empty = { .n = 1, .keks = { { .id = "k2" } } };
	mpsk_snapshot_info_t info;
	read_t read;
	size_t len;

	(void) state;
	assert_int_equal(read_as(ring, &read, &info), MPSK_MISS);
	write_three();
	assert_int_equal(read_as(other_ring, &read, &info), MPSK_BAD);
	assert_non_null(strstr(err.text, "another key of that id"));
	assert_int_equal(read_as(&empty, &read, &info), MPSK_MISS);
	assert_non_null(strstr(err.text, "'k1'"));
	len = slurp(octets);
	octets[8] = 0;
	spit(octets, len);
	assert_int_equal(read_as(ring, &read, &info), MPSK_BAD);
	assert_non_null(strstr(err.text, "of version 0"));
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(read_as(ring, &read, &info), MPSK_BAD);
	rmdir(path);
}

/*
 * --- Rows ---
 */
static void test_bad_rows(void **state)
{
	static struct {
		char const	*octets;
		size_t		len;
	} const bad[] = {
		{ "\0\0\0", 3 },				/* no length */
		{ "\0\0\0\5\0\0\0\1", 8 },			/* too long */
		{ "\0\0\0\3\0\0\0", 7 },			/* no name */
		{ "\0\0\0\5\0\0\0\2n", 9 },			/* a name that is too long */
		{ "\0\0\0\12\0\0\0\1n\0\0\0\1v", 14 },	/* a field without a value */
		{ "\0\0\0\11\0\0\0\1n\0\0\0\1", 13 },		/* a field that is too long */
	};

	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		mpsk_cursor_t c = mpsk_cursor((uint8_t const *) bad[i].octets, bad[i].len);
		mpsk_snapshot_row_t row;
		mpsk_row_t *made = NULL;
		bool is = mpsk_snapshot_row_next(&row, &c) &&
			mpsk_snapshot_row_make(NULL, &made, &row, &err) == MPSK_OK;

		assert_false(is);
		assert_null(made);
	}
}

/*
 * --- Many ---
 */
#define MANY		100000
#define EDITS		1000
#define TEXTS		16

/* A row of bob's, as mpskctl writes it, sealed. */
typedef struct {
	char		name[64];
	redisReply	texts[TEXTS], *elements[TEXTS], pairs;
	mpsk_row_t	row;
} many_t;

static void many_make(many_t *many, char psk[static MPSK_SEAL_MAX], char pmk[static MPSK_PMK_SEALED_MAX])
{
	static wpa_psk_t const clear = { .len = 13, .octets = "correct-horse" };
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];
	wpa_pmk_t const some = { .octets = { 1 } };
	mpsk_ssid_t ssid;
	char const *words[TEXTS] = {
		"psk", psk, "ssid", "Acme", "org", "acme", "name", "somebody", "max", "5",
		"created", "1700000000", "modified", "1700000000", "pmk:Acme", pmk,
	};

	assert_true(mpsk_ssid_set(&ssid, "Acme", 4));
	assert_true(mpsk_seal_psk(psk, ring, "bob", &clear) > 0);
	mpsk_key_fingerprint(fingerprint, psk, strlen(psk));
	assert_true(mpsk_pmk_field_seal(pmk, ring, "bob", &ssid, fingerprint, &some) > 0);
	for (size_t i = 0; i < TEXTS; i++) {
		many->texts[i] = (redisReply) { .type = REDIS_REPLY_STRING, .len = strlen(words[i]),
						.str = (char *) (uintptr_t) words[i] };
		many->elements[i] = &many->texts[i];
	}
	many->pairs = (redisReply) { .type = REDIS_REPLY_ARRAY, .elements = TEXTS, .element = many->elements };
	many->row = (mpsk_row_t) { .name = many->name, .pairs = &many->pairs };
}

static void many_tell(mpsk_snapshot_t *snapshot, many_t *many, int n)
{
	for (int i = 0; i < n; i++) {
		many->row.name_len = (size_t) snprintf(many->name, sizeof(many->name), "mpsk:key:{k%06d}", i);
		mpsk_snapshot_row(snapshot, &many->row);
	}
}

/* The key was sealed for bob. */
static mpsk_status_t many_use(void *uctx, mpsk_row_t const *row, mpsk_error_t *why)
{
	size_t *n = uctx;
	mpsk_row_t bob = *row;
	char id[MPSK_ID_MAX + 1], name[] = "mpsk:key:{bob}";
	mpsk_key_t *key;

	bob.name = name;
	bob.name_len = strlen(name);
	assert_int_equal(mpsk_row_key(NULL, &key, &bob, ring, id, why), MPSK_OK);
	assert_int_equal(key->n_pmks, 1);
	talloc_free(key);
	(*n)++;
	return MPSK_OK;
}

static bool is_told(void const *uctx)
{
	mpsk_error_t line;
	bool failed = true;

	return mpsk_snapshot_news((mpsk_snapshot_t *) (uintptr_t) uctx, &line, &failed) && !failed;
}

static size_t rows_of_file(void)
{
	mpsk_snapshot_info_t info;
	size_t n = 0;

	assert_int_equal(mpsk_snapshot_load(path, ring, many_use, &n, &info, &err), MPSK_OK);
	return n;
}

/* A load that does not come to its end changes nothing; one that is begun anew holds what came since. */
static void test_loads_that_do_not_end(void **state)
{
	static many_t many;
	char psk[MPSK_SEAL_MAX], pmk[MPSK_PMK_SEALED_MAX];
	mpsk_snapshot_t *snapshot = mpsk_snapshot_create(NULL, path, ring, 3600);

	(void) state;
	assert_non_null(snapshot);
	many_make(&many, psk, pmk);
	mpsk_snapshot_begin(snapshot);
	many_tell(snapshot, &many, 7);
	mpsk_snapshot_begin(snapshot);
	many_tell(snapshot, &many, 3);
	mpsk_snapshot_commit(snapshot, &moment);
	/* Not due for an hour, and then written all the same. */
	many_tell(snapshot, &many, 5);
	mpsk_snapshot_flush(snapshot, &moment, false);
	assert_true(wait_for(is_told, snapshot, PATIENCE_MS));
	assert_int_equal(rows_of_file(), 3);
	mpsk_snapshot_flush(snapshot, &moment, true);
	mpsk_snapshot_begin(snapshot);
	many_tell(snapshot, &many, 1);
	talloc_free(snapshot);
	assert_int_equal(rows_of_file(), 5);
}

static void test_many(void **state)
{
	static many_t many;
	char psk[MPSK_SEAL_MAX], pmk[MPSK_PMK_SEALED_MAX];
	mpsk_snapshot_t *snapshot = mpsk_snapshot_create(NULL, path, ring, 60);
	int64_t at = mpsk_monotonic_ms(), told, written, merged, read;
	struct stat st;

	(void) state;
	assert_non_null(snapshot);
	many_make(&many, psk, pmk);
	mpsk_snapshot_begin(snapshot);
	many_tell(snapshot, &many, MANY);
	mpsk_snapshot_commit(snapshot, &moment);
	told = mpsk_monotonic_ms() - at;
	assert_true(wait_for(is_told, snapshot, PATIENCE_MS));
	written = mpsk_monotonic_ms() - at;

	at = mpsk_monotonic_ms();
	many_tell(snapshot, &many, EDITS);
	mpsk_snapshot_flush(snapshot, &moment, true);
	talloc_free(snapshot);
	merged = mpsk_monotonic_ms() - at;

	at = mpsk_monotonic_ms();
	assert_int_equal(rows_of_file(), MANY);
	read = mpsk_monotonic_ms() - at;
	assert_int_equal(stat(path, &st), 0);
	print_message("# %d keys, %lld octets: told in %lld ms, on the disk after %lld ms; %d edits after %lld ms; "
		      "read in %lld ms\n", MANY, (long long) st.st_size, (long long) told, (long long) written, EDITS,
		      (long long) merged, (long long) read);
}

#define TEST(f) cmocka_unit_test_teardown(f, clean)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_round_trip), TEST(test_given_up), TEST(test_every_cut), TEST(test_every_flip),
		TEST(test_mixed), TEST(test_strangers), TEST(test_bad_rows), TEST(test_loads_that_do_not_end),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, start, halt);
}
