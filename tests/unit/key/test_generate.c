/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "key/generate.h"
#include "key/words.h"

static mpsk_error_t err;

static wpa_psk_t generate(char const *policy, size_t length, char const *alphabet, unsigned expected_bits)
{
	wpa_psk_t psk;
	unsigned bits = 0;

	if (mpsk_passphrase_generate(&psk, mpsk_generate_policy(policy), length, alphabet, &bits, &err) != MPSK_OK)
		fail_msg("%s: %s", policy, err.text);
	assert_int_equal(bits, expected_bits);
	assert_true(wpa_psk_is_ascii(&psk));
	assert_false(wpa_psk_is_pmk(&psk));
	return psk;
}

static void gives_the_length_asked_for(void **state)
{
	(void) state;
	for (size_t len = WPA_PASSPHRASE_MIN; len <= WPA_PASSPHRASE_MAX; len++) {
		assert_int_equal(generate("keyboard", len, NULL, (unsigned) (5 * len)).len, len);
		assert_int_equal(generate("strong", len, NULL, (unsigned) (6 * len)).len, len);
	}
	assert_int_equal(generate("keyboard", 0, NULL, 80).len, 16);
	assert_int_equal(generate("strong", 0, NULL, 120).len, 20);
	assert_int_equal(generate("digits", 0, NULL, 53).len, 16);
}

static void refuses_what_a_policy_does_not_allow(void **state)
{
	static struct {
		char const	*policy;
		size_t		length;
		char const	*alphabet, *text;
	} const rows[] = {
		{ "keyboard", 7, NULL, "8 to 63" }, { "strong", 64, NULL, "8 to 63" },
		{ "digits", 1000, NULL, "8 to 63" },
		{ "words", 2, NULL, "3 to 8 words" }, { "words", 9, NULL, "3 to 8 words" },
		{ "words", 6, "abc", "no alphabet" }, { "digits", 8, "", "two characters" },
		{ "digits", 8, "a", "two characters" }, { "digits", 8, "abca", "twice" },
		{ "digits", 8, "ab\xe9", "printable" }, { "digits", 8, "ab\n", "printable" },
	};
	wpa_psk_t psk;
	unsigned bits;

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(mpsk_passphrase_generate(&psk, mpsk_generate_policy(rows[i].policy), rows[i].length,
							  rows[i].alphabet, &bits, &err), MPSK_BAD);
		assert_non_null(strstr(err.text, rows[i].text));
	}
	assert_null(mpsk_generate_policy("weak"));
}

/* 63,000 draws of n: how often each came, and whether any strays further than ten deviations. */
static void draws_evenly(char const *policy, char const *alphabet, unsigned n, unsigned bits)
{
	unsigned seen[256] = { 0 }, letters = 0;
	double mean = 63000.0 / n;

	for (int round = 0; round < 1000; round++) {
		wpa_psk_t psk = generate(policy, WPA_PASSPHRASE_MAX, alphabet, bits);

		for (size_t i = 0; i < psk.len; i++) seen[psk.octets[i]]++;
	}
	for (int c = 0; c < 256; c++) {
		double off = seen[c] - mean;

		if (seen[c] == 0) continue;
		letters++;
		if (!alphabet && n > 10) assert_null(strchr("0o1lOI", c));
		assert_true(off * off < 100 * mean);
	}
	assert_int_equal(letters, n);
}

/* 48 does not divide a power of two: a remainder would favour the first of them by a third, or by little. */
static void draws_evenly_and_without_look_alikes(void **state)
{
	(void) state;
	draws_evenly("keyboard", NULL, 32, 315);
	draws_evenly("strong", NULL, 64, 378);
	draws_evenly("digits", NULL, 10, 209);
	draws_evenly("digits", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv", 48, 351);
}

static int word_cmp(void const *a, void const *b)
{
	return strcmp(a, b);
}

static void words_are_distinct_and_short(void **state)
{
	(void) state;
	for (size_t i = 0; i < MPSK_WORDS; i++) {
		assert_in_range(strlen(mpsk_words[i]), MPSK_WORD_MIN, MPSK_WORD_MAX);
		assert_int_equal(strspn(mpsk_words[i], "abcdefghijklmnopqrstuvwxyz"), strlen(mpsk_words[i]));
		if (i > 0) assert_true(strcmp(mpsk_words[i - 1], mpsk_words[i]) < 0);
	}
}

static void draws_words(void **state)
{
	static unsigned seen[MPSK_WORDS];
	size_t missing = 0;

	(void) state;
	for (int round = 0; round < 4096; round++) {
		wpa_psk_t psk = generate("words", 8, NULL, 88);
		char text[WPA_PSK_MAX + 1] = "", *rest = text, *word;
		size_t n = 0;

		memcpy(text, psk.octets, psk.len);
		while ((word = strsep(&rest, "-"))) {
			char (*at)[MPSK_WORD_MAX + 1] = bsearch(word, mpsk_words, MPSK_WORDS, sizeof(*at), word_cmp);

			assert_non_null(at);
			seen[at - mpsk_words]++;
			n++;
		}
		assert_int_equal(n, 8);
	}
	/* 16 of each on average: a word that is never drawn has a chance of one in nine million. */
	for (size_t i = 0; i < MPSK_WORDS; i++) missing += seen[i] == 0;
	assert_in_range(missing, 0, 2);
}

static void assert_like(char const *text, char const *name, size_t length)
{
	wpa_psk_t psk;
	size_t found = 99;

	assert_int_equal(wpa_psk_set(&psk, text, strlen(text), &err), MPSK_OK);
	assert_string_equal(mpsk_generate_like(&psk, &found)->name, name);
	assert_int_equal(found, length);
}

static void tells_the_policy(void **state)
{
	(void) state;
	assert_like("12345678", "digits", 8);
	assert_like("0000111122223333", "digits", 16);
	assert_like("abcdefgh", "keyboard", 8);
	assert_like("abcdefgh2", "keyboard", 9);
	assert_like("Abcdefgh+23", "strong", 11);
	assert_like("room-root-rope", "words", 3);
	assert_like("room-root-rope-rose-roster-rotate-rotor-rough", "words", 8);
	/* Of no policy: too few words, no words, a dash at an end, look-alikes, PMKs, and what is no ASCII. */
	assert_like("room-root-", "keyboard", 0);
	assert_like("-room-root-rope", "keyboard", 0);
	assert_like("room-root-rope-", "keyboard", 0);
	assert_like("room-root-roxpe", "keyboard", 0);
	assert_like("room--root-rope", "keyboard", 0);
	assert_like("correct horse", "keyboard", 0);
	assert_like("caf\xe9-caf\xe9", "keyboard", 0);
	assert_like("0000000000000000000000000000000000000000000000000000000000000000", "keyboard", 0);
}

/* Whatever a policy makes is told to be of one whose passphrases are no longer and as many. */
static void tells_what_it_made(void **state)
{
	(void) state;
	for (mpsk_generate_t const *policy = mpsk_generate_policies; policy->name; policy++) {
		for (int round = 0; round < 4; round++) {
			wpa_psk_t psk;
			unsigned bits;
			size_t length;

			assert_int_equal(mpsk_passphrase_generate(&psk, policy, 0, NULL, &bits, &err), MPSK_OK);
			assert_ptr_equal(mpsk_generate_like(&psk, &length), policy);
			assert_int_equal(length, policy->length);
		}
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(gives_the_length_asked_for),
		cmocka_unit_test(refuses_what_a_policy_does_not_allow),
		cmocka_unit_test(draws_evenly_and_without_look_alikes),
		cmocka_unit_test(words_are_distinct_and_short),
		cmocka_unit_test(draws_words),
		cmocka_unit_test(tells_the_policy),
		cmocka_unit_test(tells_what_it_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
