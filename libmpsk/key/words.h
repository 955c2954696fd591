/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of passphrases that are words.
 */
#ifndef MPSK_KEY_WORDS_H
#define MPSK_KEY_WORDS_H

#define MPSK_WORDS	2048	/* so eleven bits each */
#define MPSK_WORD_MIN	3
#define MPSK_WORD_MAX	7

extern char const mpsk_words[MPSK_WORDS][MPSK_WORD_MAX + 1];

#endif
