/// The boundary to OpenSSL: what Swift cannot import (macros), and the calls of one connection in a form that
/// suits Swift.
///
/// A session has no socket. Each call lends it the bytes that have come and room for the bytes to send.
#pragma once

#include <lifetimebound.h>
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <ptrcheck.h>
#include <stddef.h>
#include <stdint.h>

/// What a call on a session did.
enum co_result {
  /// It is done: the handshake is complete, or bytes were decrypted or encrypted.
  co_done,
  /// It needs more bytes of the peer.
  co_needs_input,
  /// It needs more room for bytes to send.
  co_needs_output,
  /// The peer has sent close_notify.
  co_closed,
  /// It failed; the reason is in OpenSSL's error queue.
  co_failed,
};

/// Makes a session of `context` without a socket, or NULL if there is no memory. `argument` is found again by
/// `co_argument`.
SSL *_Nullable co_session(SSL_CTX *_Nonnull context, int is_server, void *_Nonnull argument);
/// The argument that a session was made with.
void *_Nullable co_argument(SSL *_Nonnull session);
/// Continues the handshake with `input`, whose first `*taken` bytes it takes, and puts `*made` bytes to send into
/// `output`.
enum co_result co_handshake(SSL *_Nonnull session, const uint8_t *_Nullable __counted_by(input_size) input __noescape,
                            size_t input_size, size_t *_Nonnull taken,
                            uint8_t *_Nonnull __counted_by(output_size) output __noescape,
                            size_t output_size, size_t *_Nonnull made);
/// Decrypts `input` into `plain`, of which it fills `*filled` bytes, as far as both reach.
enum co_result co_receive(SSL *_Nonnull session, const uint8_t *_Nullable __counted_by(input_size) input __noescape,
                          size_t input_size, size_t *_Nonnull taken,
                          uint8_t *_Nonnull __counted_by(plain_size) plain __noescape,
                          size_t plain_size, size_t *_Nonnull filled,
                          uint8_t *_Nonnull __counted_by(output_size) output __noescape,
                          size_t output_size, size_t *_Nonnull made);
/// Encrypts all of `plain`.
enum co_result co_send(SSL *_Nonnull session, const uint8_t *_Nullable __counted_by(plain_size) plain __noescape,
                       size_t plain_size, uint8_t *_Nonnull __counted_by(output_size) output __noescape,
                       size_t output_size, size_t *_Nonnull made);
/// Puts close_notify into `output`.
void co_close(SSL *_Nonnull session, uint8_t *_Nonnull __counted_by(output_size) output __noescape,
              size_t output_size, size_t *_Nonnull made);

/// Sets the options of every context: TLS 1.2 at least, or `version` if that is higher, security level 2, and
/// no session cache, tickets, renegotiation or compression. Returns 1 if that worked.
int co_restrict(SSL_CTX *_Nonnull context, int version, const char *_Nonnull suites);
/// Limits the certificates of a peer to this many bytes in all.
void co_limit_chain(SSL_CTX *_Nonnull context, long bytes);
/// Reads a complete ClientHello for a session with this argument, and returns the alert to send, or 0 to go on.
typedef int (*co_hello)(SSL *_Nonnull session, void *_Nullable argument);
/// Calls `hello` with each complete ClientHello.
void co_set_hello(SSL_CTX *_Nonnull context, co_hello _Nonnull hello);
/// Selects the application protocol `name` when a client offers it (RFC 7301).
void co_select_protocol(SSL_CTX *_Nonnull context, const char *_Nonnull name);
/// Verifies a peer's certificates for a session with this argument, and returns whether to go on.
typedef int (*co_verification)(X509_STORE_CTX *_Nonnull store, void *_Nullable argument);
/// Calls `verify` instead of OpenSSL's verification.
void co_set_verification(SSL_CTX *_Nonnull context, int mode, co_verification _Nonnull verify);
/// Has OpenSSL verify the certificates in `store`, and calls `fault` with the code of each fault and the number
/// of its certificate in the chain; goes on with the rest.
void co_verify(X509_STORE_CTX *_Nonnull store, void *_Nonnull argument,
               void (*_Nonnull fault)(void *_Nonnull argument, int code, int depth));
/// The session whose peer's certificates `store` verifies.
SSL *_Nullable co_session_of(X509_STORE_CTX *_Nonnull store);
/// The server name to send (SNI). Returns 1 if that worked.
int co_set_server_name(SSL *_Nonnull session, const char *_Nonnull name);
/// Certificates in `chain`, or 0 for none.
int co_count(const STACK_OF(X509) *_Nullable chain);
X509 *_Nonnull co_certificate(const STACK_OF(X509) *_Nonnull chain, int index);
/// Adds `certificate` to our own chain, and takes it over. Returns 1 if that worked.
int co_add_chain(SSL_CTX *_Nonnull context, X509 *_Nonnull certificate);
/// Names of CAs, in the order in which a server sent them, or 0 for none.
int co_count_names(const STACK_OF(X509_NAME) *_Nullable names);
X509_NAME *_Nonnull co_name(const STACK_OF(X509_NAME) *_Nonnull names, int index);
/// Adds a copy of a name to those that a server says it accepts. Returns 1 if that worked.
int co_add_name(STACK_OF(X509_NAME) *_Nonnull names, X509_NAME *_Nonnull name);
STACK_OF(X509_NAME) *_Nullable co_new_names(void);
void co_free_names(STACK_OF(X509_NAME) *_Nullable names);
/// The group of the key exchange of a complete handshake; NULL without one.
const char *_Nullable co_group(SSL *_Nonnull session);

/// Empties the error queue: to be called after whatever may leave an error of no interest.
void co_forget_errors(void);
/// Empties the error queue, and returns its first error of TLS or, if there is none, its first; 0 if it is empty.
unsigned long co_take_error(void);
/// The reason (SSL_R_…) in an error of TLS; 0 in any other.
int co_reason(unsigned long code);
/// The error of TLS with a reason (SSL_R_…).
unsigned long co_error(int reason);
/// OpenSSL's words for an error, or NULL if it has none.
const char *_Nullable co_words(unsigned long code);

/// The bytes of a name or text in UTF-8, to be freed with `co_free`; `*size` is negative if there are none.
uint8_t *_Nullable co_utf8(const ASN1_STRING *_Nonnull text, int *_Nonnull size);
/// A name as text (RFC 4514), to be freed with `co_free`.
char *_Nullable co_name_text(const X509_NAME *_Nonnull name);
void co_free(void *_Nullable memory);
/// The entry of the subject of `certificate` with this number, if it is a common name; NULL otherwise.
const ASN1_STRING *_Nullable co_common_name(X509 *_Nonnull certificate, int index);
int co_count_entries(X509 *_Nonnull certificate);
/// The subjectAltNames of a certificate, to be freed with `GENERAL_NAMES_free`.
GENERAL_NAMES *_Nullable co_alternative_names(X509 *_Nonnull certificate);
int co_count_alternatives(const GENERAL_NAMES *_Nonnull names);
/// The text of an alternative name of `type` (GEN_DNS, GEN_URI); NULL if it is of another.
const ASN1_STRING *_Nullable co_alternative(const GENERAL_NAMES *_Nonnull names, int index, int type);
/// A time in seconds since 1970; 0 if it is not a time.
int64_t co_seconds(const ASN1_TIME *_Nonnull time);
/// The size of the key of a certificate, in bits, and its type, such as `RSA`.
int co_key_bits(X509 *_Nonnull certificate);
const char *_Nonnull co_key_type(X509 *_Nonnull certificate);
/// Whether a certificate is for this purpose (X509_PURPOSE_SSL_CLIENT, X509_PURPOSE_SSL_SERVER).
int co_has_purpose(X509 *_Nonnull certificate, int purpose);

/// A BIO that reads `bytes`, which must outlive it.
BIO *_Nullable co_reading(const uint8_t *_Nonnull __counted_by(size) bytes, int size);
/// The next certificate, private key or revocation list of a PEM file. A password is never asked for: an
/// encrypted key is an error.
X509 *_Nullable co_read_certificate(BIO *_Nonnull bio);
EVP_PKEY *_Nullable co_read_key(BIO *_Nonnull bio);
X509_CRL *_Nullable co_read_list(BIO *_Nonnull bio);
