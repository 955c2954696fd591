/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "radmpsk/replay.h"

#define NONCE "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char const *const lines[] = {
	"ssid=41636d65", "bssid=00005e0053f0", "sta=00005e005301", "akm=000fac02", "anonce=" NONCE, "eapol=0103",
};

#define N (sizeof(lines) / sizeof(lines[0]))

/* The good lines, one of them in another form (NULL: left out), and one more. */
static mpsk_status_t read_with(replay_t *replay, size_t at, char const *other, char const *more, mpsk_error_t *err)
{
	char path[] = "/tmp/replay-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	mpsk_status_t status;

	assert_non_null(file);
	fputs("# a capture\n", file);
	for (size_t i = 0; i < N; i++) {
		char const *line = i == at ? other : lines[i];

		if (line) fprintf(file, "%s\n", line);
	}
	fprintf(file, "%s\n", more);
	fclose(file);
	status = replay_read(replay, path, err);
	unlink(path);
	return status;
}

static void test_good(void **state)
{
	replay_t replay;
	mpsk_error_t err = { "" };

	(void) state;
	assert_int_equal(read_with(&replay, N, NULL, "passphrase=636f727265637420686f727365\r", &err), MPSK_OK);
	assert_int_equal(replay.ssid.len, 4);
	assert_int_equal(replay.bssid.octets[5], 0xf0);
	assert_int_equal(replay.mac.octets[5], 0x01);
	assert_int_equal(replay.suite, 0x000fac02);
	assert_int_equal(replay.anonce[31], 0x1f);
	assert_int_equal(replay.frame_len, 2);
	assert_int_equal(replay.psk.len, 13);
	assert_int_equal(read_with(&replay, N, NULL, "what=ever", &err), MPSK_OK);
	assert_int_equal(replay.psk.len, 0);
}

static void test_bad(void **state)
{
	static struct {
		size_t		at;
		char const	*line, *more, *what;
	} const rows[] = {
		{ 0, NULL, "", "there is no line ssid=" },
		{ 4, NULL, "", "there is no line anonce=" },
		{ 5, NULL, "", "there is no line eapol=" },
		{ N, NULL, "ssid=41", "ssid: malformed, or there twice" },
		{ 0, "ssid=4", "", "ssid: malformed" },
		{ 0, "ssid=4g", "", "ssid: malformed" },
		{ 0, "ssid=414141414141414141414141414141414141414141414141414141414141414141", "", "ssid: malformed" },
		{ 1, "bssid=00005e0053", "", "bssid: malformed" },
		{ 2, "sta=00005e00530101", "", "sta: malformed" },
		{ 3, "akm=00000000", "", "akm: malformed" },
		{ 4, "anonce=00", "", "anonce: malformed" },
		{ 5, "eapol=", "", "eapol: malformed" },
		{ N, NULL, "passphrase=41", "passphrase: malformed" },
	};
	replay_t replay;

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_error_t err = { "" };

		assert_int_equal(read_with(&replay, rows[i].at, rows[i].line, rows[i].more, &err), MPSK_BAD);
		assert_non_null(strstr(err.text, rows[i].what));
	}
}

static void test_no_file(void **state)
{
	replay_t replay;
	mpsk_error_t err = { "" };

	(void) state;
	assert_int_equal(replay_read(&replay, "/nonexistent", &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "/nonexistent"));
}

int main(void)
{
	static struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
