/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates for tests, made when they are needed. What fails ends the
 * program.
 */
#ifndef TEST_STORE_CERTS_H
#define TEST_STORE_CERTS_H

/*
 * Write dir/name.pem and dir/name.key. issuer: the name of one made before,
 * or NULL for a CA of its own. names: subjectAltName as OpenSSL's
 * configuration has it ("DNS:localhost,IP:127.0.0.1"), or NULL. It is valid
 * for `seconds` from now; negative: it no longer is.
 */
void certs_make(char const *dir, char const *name, char const *issuer, char const *names, long seconds);

#endif
