/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "fake_server.h"
#include "reply.h"

#define ARGS_MAX 32

static char dir[] = "/tmp/mpsk-test-radmpsk.XXXXXX";
static char secret_file[64], passphrase_file[64], output_file[64];
static char output[65536];

static void file_write(char *path, size_t size, char const *name, char const *text)
{
	FILE *file;

	snprintf(path, size, "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int make_files(void **state)
{
	(void) state;
	assert_non_null(mkdtemp(dir));
	file_write(secret_file, sizeof(secret_file), "secret", REPLY_SECRET "\n");
	file_write(passphrase_file, sizeof(passphrase_file), "passphrase", FAKE_PASSPHRASE "\r\n");
	file_write(output_file, sizeof(output_file), "output", "");
	return 0;
}

static int remove_files(void **state)
{
	(void) state;
	unlink(secret_file);
	unlink(passphrase_file);
	unlink(output_file);
	return rmdir(dir);
}

/* The program, with both outputs into a file and nothing on standard input. */
static void become_radmpsk(char *const *args)
{
	char const *builddir = getenv("builddir");
	char path[4096];
	int in = open("/dev/null", O_RDONLY), out = open(output_file, O_WRONLY | O_TRUNC);

	snprintf(path, sizeof(path), "%s/radmpsk/radmpsk", builddir ? builddir : ".");
	if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) _exit(126);
	execv(path, args);
	_exit(127);
}

/* Run it and return its exit code; what it printed is in output. */
static int radmpsk_run(char const *const *extra)
{
	char *args[ARGS_MAX] = { (char *) "radmpsk" };
	FILE *file;
	size_t n = 0;
	int status;
	pid_t pid;

	for (; extra[n]; n++) {
		assert_true(n + 2 < ARGS_MAX);
		args[n + 1] = (char *) extra[n];
	}
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) become_radmpsk(args);
	assert_int_equal(waitpid(pid, &status, 0), pid);

	file = fopen(output_file, "r");
	assert_non_null(file);
	n = fread(output, 1, sizeof(output) - 1, file);
	output[n] = '\0';
	fclose(file);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define COMMON(_address) \
	"--server", (_address), "--secret-file", secret_file, "--passphrase-file", passphrase_file, "--ssid", "Guest"

static void assert_output(char const *text)
{
	if (!strstr(output, text)) fail_msg("\"%s\" is not in:\n%s", text, output);
}

/* One request to a server of each mode, as text and as JSON. */
static struct {
	fake_mode_t	mode;
	int		exit;
	char const	*verdict;
	char const	*text;
} const modes[] = {
	{ FAKE_ACCEPT,		0, "right", "the key made this handshake" },
	{ FAKE_ACCEPT_OTHER,	2, "wrong", "no key of the answer made this handshake" },
	{ FAKE_ACCEPT_BARE,	2, "wrong", "it carries no Tunnel-Password" },
	{ FAKE_UNSIGNED,	2, "wrong", "hostapd 2.11 drops such a reply" },
	{ FAKE_FORGED,		2, "wrong", "is the shared secret the same" },
	{ FAKE_REJECT,		1, "rejected", "the server rejects this device" },
	{ FAKE_SILENT,		3, "none", "no reply within 1000 ms" },
};

static void test_every_verdict(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		fake_server_t fake;

		fake_server_start(&fake, modes[i].mode);
		assert_int_equal(radmpsk_run((char const *[]) { COMMON(fake.address), "--timeout", "1", NULL }),
				 modes[i].exit);
		fake_server_stop(&fake);
		assert_output("MAC 00-00-5e-00-53-01, SSID \"Guest\", BSSID 00-00-5e-00-53-a0");
		assert_output("AKM 00-0F-AC:2");
		assert_output(modes[i].verdict);
		assert_output(modes[i].text);
		assert_null(strstr(output, FAKE_PASSPHRASE));
		assert_null(strstr(output, REPLY_SECRET));
	}
}

static json_t *output_json(void)
{
	json_t *json = json_loads(output, 0, NULL);

	if (!json) fail_msg("no JSON:\n%s", output);
	return json;
}

static void test_json(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		fake_server_t fake;
		json_t *json;

		fake_server_start(&fake, modes[i].mode);
		assert_int_equal(radmpsk_run((char const *[]) { COMMON(fake.address), "--timeout", "1", "--json",
								NULL }), modes[i].exit);
		fake_server_stop(&fake);
		json = output_json();
		assert_string_equal(json_string_value(json_object_get(json, "verdict")), modes[i].verdict);
		assert_non_null(strstr(json_string_value(json_object_get(json, "why")), modes[i].text));
		assert_int_equal(json_integer_value(json_object_get(json, "exit")), modes[i].exit);
		assert_null(strstr(output, FAKE_PASSPHRASE));
		json_decref(json);
	}
}

static void test_psk_only_when_asked_for(void **state)
{
	fake_server_t fake;

	(void) state;
	fake_server_start(&fake, FAKE_ACCEPT);
	assert_int_equal(radmpsk_run((char const *[]) { COMMON(fake.address), "--show-psk", NULL }), 0);
	assert_output(FAKE_PASSPHRASE);
	assert_output("flat-12");
	assert_int_equal(radmpsk_run((char const *[]) { COMMON(fake.address), "--show-psk", "--json", NULL }), 0);
	assert_output("\"psk\": \"" FAKE_PASSPHRASE "\"");
	assert_int_equal(radmpsk_run((char const *[]) { COMMON(fake.address), "--bound", NULL }), 0);
	assert_output("the key is the one expected");
	assert_output("bound: the MAC alone");
	fake_server_stop(&fake);
}

static void test_load(void **state)
{
	static struct {
		fake_mode_t	mode;
		int		exit;
		char const	*counted;
	} const cases[] = {
		{ FAKE_ACCEPT, 0, "accepted" }, { FAKE_REJECT, 1, "rejected" }, { FAKE_ACCEPT_OTHER, 2, "wrong" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_server_t fake;
		json_t *json;

		fake_server_start(&fake, cases[i].mode);
		assert_int_equal(radmpsk_run((char const *[]) { COMMON(fake.address), "--count", "50", NULL }),
				 cases[i].exit);
		assert_output("requests/s");
		assert_output("p99");
		assert_int_equal(radmpsk_run((char const *[]) { COMMON(fake.address), "--count", "50", "--window", "5",
								"--macs", "random", "--json", NULL }), cases[i].exit);
		fake_server_stop(&fake);
		json = output_json();
		assert_int_equal(json_integer_value(json_object_get(json, cases[i].counted)), 50);
		assert_true(json_real_value(json_object_get(json, "requests_per_second")) > 0);
		json_decref(json);
	}
}

static void test_lost_load(void **state)
{
	fake_server_t fake;

	(void) state;
	fake_server_start(&fake, FAKE_DEAF_AT_FIRST);
	assert_int_equal(radmpsk_run((char const *[]) { COMMON(fake.address), "--count", "20", "--timeout", "1",
							NULL }), 3);
	fake_server_stop(&fake);
	assert_output("lost 1");
}

static void test_usage(void **state)
{
	static char const *const cases[][6] = {
		{ "--ssid", "Twice" }, { "--mac", "00-00-5e" }, { "--bssid", "x" }, { "--akm", "wep" },
		{ "--count", "0" }, { "--akm", "PSK" }, { "--window", "5" }, { "--macs", "random" },
		{ "--timeout", "0" }, { "--retries", "-1" }, { "--nas-id", "" }, { "--no-such-option" },
		{ "an-argument" },
		{ "--count", "5", "--show-psk" }, { "--count", "5", "--macs", "some" }, { "--secret-file", "/nowhere" },
		{ "--server", "127.0.0.1:" }, { "--passphrase-file", secret_file, "--secret-file", "/" },
		{ "--ssid-hex", "00" }, { "--passphrase-file", "-", "--secret-file", "-" },
		{ "--passphrase-file", "-" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char const *args[ARGS_MAX] = { COMMON("127.0.0.1:9") };
		size_t n = 8;

		for (size_t j = 0; cases[i][j]; j++) args[n++] = cases[i][j];
		if (radmpsk_run(args) != 64) fail_msg("%s %s:\n%s", cases[i][0], cases[i][1], output);
		assert_true(output[0] != '\0');
	}
	assert_int_equal(radmpsk_run((char const *[]) { NULL }), 64);
	assert_int_equal(radmpsk_run((char const *[]) { "--server", "127.0.0.1", "--ssid", "x", NULL }), 64);
	assert_output("there is no terminal to ask");
}

static void test_help(void **state)
{
	(void) state;
	assert_int_equal(radmpsk_run((char const *[]) { "--help", NULL }), 0);
	assert_output("Exit status:");
	assert_output("Example:");
	assert_int_equal(radmpsk_run((char const *[]) { "--version", NULL }), 0);
	assert_output("radmpsk " MPSK_VERSION);
}

static void test_odd_passphrase_warns(void **state)
{
	char path[64];

	(void) state;
	file_write(path, sizeof(path), "odd", "caf\xc3\xa9 2026\n");
	assert_int_equal(radmpsk_run((char const *[]) { "--server", "127.0.0.1:9", "--secret-file", secret_file,
							"--passphrase-file", path, "--ssid-hex", "7800", "--timeout",
							"1", NULL }), 3);
	unlink(path);
	assert_output("not all printable ASCII");
	assert_output("SSID \"x\\x00\"");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_every_verdict),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_psk_only_when_asked_for),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_lost_load),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_odd_passphrase_warns),
	};

	return cmocka_run_group_tests_name("radmpsk", tests, make_files, remove_files);
}
