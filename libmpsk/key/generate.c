/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/generate.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/rand.h>

#include "base/secret.h"
#include "key/words.h"

#define WORDS_MAX	8
_Static_assert(WORDS_MAX * (MPSK_WORD_MAX + 1) - 1 <= WPA_PASSPHRASE_MAX, "so many of the longest fit");

/* None of them with both of 0 and O or o, 1 and l or I; nor with what a shell, a quote or a QR code gives a meaning. */
mpsk_generate_t const mpsk_generate_policies[] = {
	{ .name = "keyboard", .alphabet = "abcdefghijkmnpqrstuvwxyz23456789", .length = 16,
	  .min = WPA_PASSPHRASE_MIN, .max = WPA_PASSPHRASE_MAX, .help = "small letters and digits" },
	{ .name = "strong", .alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789!#%+=?@-",
	  .length = 20, .min = WPA_PASSPHRASE_MIN, .max = WPA_PASSPHRASE_MAX, .help = "letters, digits and signs" },
	{ .name = "digits", .alphabet = "0123456789", .length = 16,
	  .min = WPA_PASSPHRASE_MIN, .max = WPA_PASSPHRASE_MAX, .help = "digits" },
	{ .name = "words", .length = 6, .min = 3, .max = WORDS_MAX, .help = "English words with '-' between" },
	{ .name = NULL }
};

mpsk_generate_t const *mpsk_generate_policy(char const *name)
{
	for (mpsk_generate_t const *policy = mpsk_generate_policies; policy->name; policy++) {
		if (strcmp(policy->name, name) == 0) return policy;
	}
	return NULL;
}

/*
 * A number below n, each as likely as any other: what lies past the last
 * whole multiple of n is drawn again, for a remainder of it would favour the
 * small ones. False where there is no randomness.
 */
static bool draw(unsigned *number, unsigned n)
{
	uint16_t random;
	unsigned limit = 65536 - 65536 % n;

	do {
		if (RAND_priv_bytes((unsigned char *) &random, sizeof(random)) != 1) return false;
	} while (random >= limit);
	*number = random % n;
	mpsk_secret_wipe(&random, sizeof(random));
	return true;
}

static bool draw_characters(char *out, size_t length, char const *alphabet)
{
	unsigned n = (unsigned) strlen(alphabet), number = 0;

	for (size_t i = 0; i < length; i++) {
		if (!draw(&number, n)) return false;
		out[i] = alphabet[number];
	}
	out[length] = '\0';
	mpsk_secret_wipe(&number, sizeof(number));
	return true;
}

static bool draw_words(char *out, size_t length)
{
	unsigned number = 0;

	for (size_t i = 0; i < length; i++) {
		if (!draw(&number, MPSK_WORDS)) return false;
		if (i > 0) *out++ = '-';
		out = stpcpy(out, mpsk_words[number]);
	}
	mpsk_secret_wipe(&number, sizeof(number));
	return true;
}

static mpsk_status_t alphabet_check(char const *alphabet, mpsk_error_t *err)
{
	for (char const *c = alphabet; *c; c++) {
		if (*c < ' ' || *c > '~') {
			return mpsk_error_set(err, MPSK_BAD, "the alphabet holds what is not printable ASCII");
		}
		if (strchr(c + 1, *c)) return mpsk_error_set(err, MPSK_BAD, "the alphabet holds '%c' twice", *c);
	}
	if (strlen(alphabet) < 2) return mpsk_error_set(err, MPSK_BAD, "an alphabet has two characters or more");
	return MPSK_OK;
}

/* length times the logarithm of n to base 2, rounded down, for which a library would be too much. */
static unsigned entropy(size_t length, size_t n)
{
	double rest = (double) n, bits = 0, step = 1;

	for (; rest >= 2; rest /= 2) bits += 1;
	for (int i = 0; i < 32; i++) {
		rest *= rest;
		step /= 2;
		if (rest < 2) continue;
		rest /= 2;
		bits += step;
	}
	return (unsigned) (bits * (double) length);
}

mpsk_status_t mpsk_passphrase_generate(wpa_psk_t *psk, mpsk_generate_t const *policy, size_t length,
				       char const *alphabet, unsigned *bits, mpsk_error_t *err)
{
	char text[WPA_PASSPHRASE_MAX + 1];
	mpsk_status_t status = MPSK_OK;
	bool drawn;

	if (length == 0) length = policy->length;
	if (length < policy->min || length > policy->max) {
		return mpsk_error_set(err, MPSK_BAD, "a passphrase has %zu to %zu %s, not %zu", policy->min,
				      policy->max, policy->alphabet ? "characters" : "words", length);
	}
	if (alphabet && !policy->alphabet) return mpsk_error_set(err, MPSK_BAD, "words are made of no alphabet");
	if (!alphabet) alphabet = policy->alphabet;
	if (alphabet) status = alphabet_check(alphabet, err);
	if (status != MPSK_OK) return status;
	drawn = alphabet ? draw_characters(text, length, alphabet) : draw_words(text, length);
	*bits = entropy(length, alphabet ? strlen(alphabet) : MPSK_WORDS);
	status = drawn ? wpa_psk_set(psk, text, strlen(text), err) :
			 mpsk_error_set(err, MPSK_ERR, "libcrypto has no random octets to give");
	mpsk_secret_wipe(text, sizeof(text));
	return status;
}

/*
 * --- Which policy it was ---
 */
static bool is_of_alphabet(wpa_psk_t const *psk, mpsk_generate_t const *policy, size_t *length)
{
	*length = psk->len;
	if (psk->len < policy->min || psk->len > policy->max) return false;
	for (size_t i = 0; i < psk->len; i++)
		if (!psk->octets[i] || !strchr(policy->alphabet, psk->octets[i])) return false;
	return true;
}

static int word_cmp(void const *a, void const *b)
{
	return strcmp(a, b);
}

static bool is_word(char const *octets, size_t len)
{
	char word[MPSK_WORD_MAX + 1] = "";
	bool is;

	if (len > MPSK_WORD_MAX) return false;
	memcpy(word, octets, len);
	is = bsearch(word, mpsk_words, MPSK_WORDS, sizeof(mpsk_words[0]), word_cmp) != NULL;
	mpsk_secret_wipe(word, sizeof(word));
	return is;
}

static bool is_of_words(wpa_psk_t const *psk, mpsk_generate_t const *policy, size_t *length)
{
	char const *octets = (char const *) psk->octets;
	size_t left = psk->len;

	for (*length = 0; left > 0; ++*length) {
		char const *dash = memchr(octets, '-', left);
		size_t len = dash ? (size_t) (dash - octets) : left;

		if (!is_word(octets, len) || len + 1 == left) return false;
		octets += dash ? len + 1 : len;
		left -= dash ? len + 1 : len;
	}
	return *length >= policy->min && *length <= policy->max;
}

mpsk_generate_t const *mpsk_generate_like(wpa_psk_t const *psk, size_t *length)
{
	/* Those that make less come first: what they made, another one might have made too. */
	static char const *const names[] = { "digits", "words", "keyboard", "strong" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		mpsk_generate_t const *policy = mpsk_generate_policy(names[i]);

		if (policy->alphabet ? is_of_alphabet(psk, policy, length) : is_of_words(psk, policy, length))
			return policy;
	}
	*length = 0;
	return mpsk_generate_policies;
}
