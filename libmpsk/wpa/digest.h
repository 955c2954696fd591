/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libcrypto's digests. They are fetched once and last as long as the
 * process: a fetch takes locks that all threads share, and costs more than
 * the hash of a frame.
 */
#ifndef MPSK_WPA_DIGEST_H
#define MPSK_WPA_DIGEST_H

#include <openssl/types.h>

/* "SHA1", "MD5", "SHA256" or "SHA384". NULL for another name, or where libcrypto does not have it. */
EVP_MD const *wpa_digest(char const *name);

#endif
