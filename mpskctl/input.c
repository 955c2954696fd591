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
	OPT_LENGTH,
	OPT_ALPHABET,
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

#define GENERATE_OPTIONS(WHAT) \
	{ .name = "generate", .key = OPT_GENERATE, .arg = "POLICY", .flags = OPTION_ARG_OPTIONAL, \
	  .doc = WHAT " POLICY is keyboard (16 small letters " \
		 "and digits), strong (20 letters, digits and signs), digits (16), words (6 of them), or a number: " \
		 "so many of keyboard's characters [keyboard]. None has characters that look alike" }, \
	{ .name = "length", .key = OPT_LENGTH, .arg = "N", \
	  .doc = "With --generate: so many characters, 8 to 63, or words, 3 to 8" }, \
	{ .name = "alphabet", .key = OPT_ALPHABET, .arg = "CHARACTERS", \
	  .doc = "With --generate: of these characters, each as likely as any other" }

static struct argp_option const generate_options[] = {
	GENERATE_OPTIONS("Make a passphrase for each new key that has none, and print them this once, with their "
			 "entropy."),
	{ 0 }
};

static struct argp_option const options[] = {
	{ .name = "passphrase-file", .key = OPT_FILE, .arg = "FILE",
	  .doc = "The passphrase is the first line of FILE, or of the standard input where FILE is -" },
	GENERATE_OPTIONS("Make a passphrase and print it this once, with its entropy."),
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

/* 0 where the text is no number that a length may be. */
static size_t length_take(char const *text)
{
	int64_t length;

	return mpsk_number_parse(&length, text, strlen(text)) && length <= WPA_PASSPHRASE_MAX ? (size_t) length : 0;
}

static void generate_take(ctl_input_t *input, char const *arg, struct argp_state *state)
{
	input->policy = arg ? mpsk_generate_policy(arg) : mpsk_generate_policies;
	if (input->policy) return;
	input->policy = mpsk_generate_policies;
	input->length = length_take(arg);
	if (input->length < input->policy->min)
		ctl_stop(state, CTL_INVALID, "--generate: expected a length of %d to %d, or strong, keyboard, digits "
			 "or words", WPA_PASSPHRASE_MIN, WPA_PASSPHRASE_MAX);
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_input_t *input = state->input;

	switch (key) {
	case OPT_FILE:
		input->file = arg;
		return choose(input, CTL_INPUT_FILE, state);

	case OPT_GENERATE:
		generate_take(input, arg, state);
		return choose(input, CTL_INPUT_GENERATE, state);

	case OPT_LENGTH:
		input->length = length_take(arg);
		if (!input->length) ctl_stop(state, CTL_INVALID, "--length: expected a number");
		return 0;

	case OPT_ALPHABET:
		input->alphabet = arg;
		return 0;

	case ARGP_KEY_SUCCESS:
		if ((input->length || input->alphabet) && input->source != CTL_INPUT_GENERATE)
			ctl_stop(state, CTL_USAGE, "--length and --alphabet go with --generate");
		return 0;

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
struct argp const ctl_generate_argp = { .options = generate_options, .parser = parse_opt };

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

/* The first line of a file. */
static ctl_exit_t file_read(line_t *line, char const *option, char const *file)
{
	bool is_stdin = strcmp(file, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	ctl_exit_t code = CTL_OK;

	if (fd < 0) return ctl_fail(CTL_INVALID, "%s %s: %s", option, file, strerror(errno));
	if (!line_read(line, fd)) {
		code = ctl_fail(CTL_INVALID, "%s %s: %s", option, file, strerror(errno));
	} else if (line->len && line->octets[line->len - 1] == '\r') {
		line->len--;
	}
	if (!is_stdin) close(fd);
	return code;
}

static ctl_exit_t from_file(char const *file, wpa_psk_t *psk)
{
	line_t line = { .len = 0 };
	ctl_exit_t code = file_read(&line, "--passphrase-file", file);

	if (code == CTL_OK) code = check(psk, &line);
	mpsk_secret_wipe(&line, sizeof(line));
	return code;
}

ctl_exit_t ctl_input_secret(uint8_t *out, size_t size, size_t *len, char const *option, char const *file)
{
	line_t line = { .len = 0 };
	ctl_exit_t code = file_read(&line, option, file);

	*len = line.len;
	if (code == CTL_OK && (line.overlong || line.len > size)) {
		code = ctl_fail(CTL_INVALID, "%s %s: over %zu octets", option, file, size);
	} else if (code == CTL_OK && !line.len) {
		code = ctl_fail(CTL_INVALID, "%s %s: its first line is empty", option, file);
	} else if (code == CTL_OK) {
		memcpy(out, line.octets, line.len);
	}
	mpsk_secret_wipe(&line, sizeof(line));
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

static ctl_exit_t from_generator(ctl_input_t *input, wpa_psk_t *psk)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	status = mpsk_passphrase_generate(psk, input->policy, input->length, input->alphabet, &input->bits, &err);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "--generate: %s", err.text);
}

ctl_exit_t ctl_input_read(ctl_input_t *input, wpa_psk_t *psk)
{

	switch (input->source) {
	case CTL_INPUT_FILE:
		return from_file(input->file, psk);

	case CTL_INPUT_GENERATE:
		return from_generator(input, psk);

	default:
		return from_terminal(psk);
	}
}
