/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/digest.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include <openssl/evp.h>

static struct {
	char const	*name;
	EVP_MD		*md;
} digests[] = { { .name = "SHA1" }, { .name = "MD5" }, { .name = "SHA256" }, { .name = "SHA384" } };
static pthread_once_t digests_once = PTHREAD_ONCE_INIT;

#define N_DIGESTS (sizeof(digests) / sizeof(digests[0]))

static void digests_fetch(void)
{
	for (size_t i = 0; i < N_DIGESTS; i++) digests[i].md = EVP_MD_fetch(NULL, digests[i].name, NULL);
}

EVP_MD const *wpa_digest(char const *name)
{
	pthread_once(&digests_once, digests_fetch);
	for (size_t i = 0; i < N_DIGESTS; i++) {
		if (strcmp(digests[i].name, name) == 0) return digests[i].md;
	}
	return NULL;
}
