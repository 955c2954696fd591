/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"
#include "key/generate.h"

enum {
	OPT_FILE = 0x200,
	OPT_GENERATE,
	OPT_ASK,
	OPT_REFUSED
};

/* Far more than a passphrase has, so that one that is too long is told from one that fits. */
#define LINE_MAX_LEN 256

typedef struct {
	char	octets[LINE_MAX_LEN];
	size_t	len;
	bool	overlong;
} line_t;

static struct argp_option const options[] = {
	{ .name = "passphrase-file", .key = OPT_FILE, .arg = "FILE",
	  .doc = "The passphrase is the first line of FILE, or of the standard input where FILE is -" },
	{ .name = "generate", .key = OPT_GENERATE, .arg = "LENGTH", .flags = OPTION_ARG_OPTIONAL,
	  .doc = "Make a passphrase of LENGTH (8 to 63 [16]) characters and print it this once" },
	{ .name = "ask", .key = OPT_ASK, .doc = "Ask for the passphrase at the terminal, twice" },
	{ .name = "passphrase", .key = OPT_REFUSED, .arg = "X", .flags = OPTION_HIDDEN | OPTION_ARG_OPTIONAL },
	{ .name = "psk", .key = OPT_REFUSED, .arg = "X", .flags = OPTION_HIDDEN | OPTION_ARG_OPTIONAL },
	{ 0 }
};

static error_t choose(ctl_input_t *input, ctl_input_source_t source, struct argp_state *state)
{
	if (input->source != CTL_INPUT_NONE)
		ctl_stop(state, CTL_USAGE, "one of --passphrase-file, --generate and --ask, and only once");
	input->source = source;
	return 0;
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_input_t *input = state->input;
	int64_t length = MPSK_GENERATE_DEFAULT;

	switch (key) {
	case OPT_FILE:
		input->file = arg;
		return choose(input, CTL_INPUT_FILE, state);

	case OPT_GENERATE:
		if (arg && !mpsk_number_parse(&length, arg, strlen(arg))) length = 0;
		if (length < WPA_PASSPHRASE_MIN || length > WPA_PASSPHRASE_MAX)
			ctl_stop(state, CTL_INVALID, "--generate: expected a length of %d to %d",
				     WPA_PASSPHRASE_MIN, WPA_PASSPHRASE_MAX);
		input->length = (size_t) length;
		return choose(input, CTL_INPUT_GENERATE, state);

	case OPT_ASK:
		return choose(input, CTL_INPUT_ASK, state);

	case OPT_REFUSED:
		ctl_stop(state, CTL_USAGE, "a passphrase on the command line can be read by every user of this "
			 "machine: give --passphrase-file FILE, or - for the standard input");

	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct argp const ctl_input_argp = { .options = options, .parser = parse_opt };

/* False with errno where reading fails. Octets past the line are not kept. */
static bool line_read(line_t *line, int fd)
{
	char c;
	ssize_t n;

	line->len = 0;
	line->overlong = false;
	while ((n = read(fd, &c, 1)) == 1 && c != '\n') {
		if (line->len == sizeof(line->octets)) {
			line->overlong = true;
			break;
		}
		line->octets[line->len++] = c;
	}
	mpsk_secret_wipe(&c, sizeof(c));
	return n >= 0;
}

static ctl_exit_t check(wpa_psk_t *psk, line_t const *line)
{
	mpsk_error_t err = { "" };

	if (line->overlong) return ctl_fail(CTL_INVALID, "passphrase: over %d characters; 8 to 63 are allowed",
					    LINE_MAX_LEN);
	if (wpa_psk_set(psk, line->octets, line->len, &err) != MPSK_OK)
		return ctl_fail(CTL_INVALID, "passphrase: %s", err.text);
	if (!wpa_psk_is_ascii(psk))
		return ctl_fail(CTL_INVALID, "passphrase: holds octets that are not printable ASCII "
				"(space to ~): not every device can be given such a passphrase");
	return CTL_OK;
}

static ctl_exit_t from_file(char const *file, wpa_psk_t *psk)
{
	bool is_stdin = strcmp(file, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	ctl_exit_t code;
	line_t line;

	if (fd < 0) return ctl_fail(CTL_INVALID, "--passphrase-file %s: %s", file, strerror(errno));
	if (line_read(&line, fd)) {
		if (line.len && line.octets[line.len - 1] == '\r') line.len--;
		code = check(psk, &line);
	} else {
		code = ctl_fail(CTL_INVALID, "--passphrase-file %s: %s", file, strerror(errno));
	}
	mpsk_secret_wipe(&line, sizeof(line));
	if (!is_stdin) close(fd);
	return code;
}

/*
 * --- The terminal ---
 */
static sig_atomic_t volatile caught;

static void catch(int number)
{
	caught = number;
}

/* Reads a line without an echo. A signal that would end the program must not leave the terminal dumb. */
static bool ask(line_t *line, int tty, char const *prompt)
{
	static int const signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	struct sigaction action = { .sa_handler = catch }, before[sizeof(signals) / sizeof(*signals)];
	struct termios shown, hidden;
	bool done;

	if (tcgetattr(tty, &shown) < 0) return false;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);

	caught = 0;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) sigaction(signals[i], &action, &before[i]);
	done = tcsetattr(tty, TCSAFLUSH, &hidden) == 0 && dprintf(tty, "%s", prompt) > 0 && line_read(line, tty);
	tcsetattr(tty, TCSAFLUSH, &shown);
	dprintf(tty, "\n");
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) sigaction(signals[i], &before[i], NULL);
	if (caught) {
		mpsk_secret_wipe(line, sizeof(*line));
		raise(caught);
	}
	return done && !caught;
}

static ctl_exit_t from_terminal(wpa_psk_t *psk)
{
	line_t line = { .len = 0 }, again = { .len = 0 };
	int tty = isatty(STDIN_FILENO) ? open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;
	ctl_exit_t code;

	if (tty < 0) return ctl_fail(CTL_USAGE, "no terminal to ask for the passphrase at: give "
				     "--passphrase-file FILE (- is the standard input) or --generate");
	if (!ask(&line, tty, "Passphrase: ")) {
		code = ctl_fail(CTL_INVALID, "passphrase: nothing was entered");
	} else if ((code = check(psk, &line)) != CTL_OK) {
		/* Said before it is asked for again. */
	} else if (!ask(&again, tty, "Once more: ")) {
		code = ctl_fail(CTL_INVALID, "passphrase: nothing was entered");
	} else if (line.len != again.len || !mpsk_secret_equal(line.octets, again.octets, line.len)) {
		code = ctl_fail(CTL_INVALID, "passphrase: the two differ");
	}
	mpsk_secret_wipe(&line, sizeof(line));
	mpsk_secret_wipe(&again, sizeof(again));
	close(tty);
	return code;
}

ctl_exit_t ctl_input_read(ctl_input_t const *input, wpa_psk_t *psk)
{
	mpsk_error_t err = { "" };

	switch (input->source) {
	case CTL_INPUT_FILE:
		return from_file(input->file, psk);

	case CTL_INPUT_GENERATE:
		if (mpsk_passphrase_generate(psk, input->length, &err) == MPSK_OK) return CTL_OK;
		return ctl_fail(CTL_FAILED, "passphrase: %s", err.text);

	default:
		return from_terminal(psk);
	}
}
