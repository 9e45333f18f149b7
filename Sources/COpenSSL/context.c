#include <COpenSSL.h>
#include <string.h>

int co_restrict(SSL_CTX *context, int version, const char *suites) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(context, 2);
  return SSL_CTX_set_num_tickets(context, 0) && SSL_CTX_set_min_proto_version(context, version) &&
         SSL_CTX_set_max_proto_version(context, 0) && SSL_CTX_set_cipher_list(context, suites);
}

void co_limit_chain(SSL_CTX *context, long bytes) { SSL_CTX_set_max_cert_list(context, bytes); }

// The functions that are called from all contexts. Only Swift knows them, and it always sets the same ones.
static _Atomic(co_hello) hello_callback;
static _Atomic(co_verification) verification_callback;

static int on_hello(SSL *session, int *alert, void *argument) {
  (void)argument;
  int wanted = hello_callback(session, SSL_get_app_data(session));
  if (wanted == 0) return SSL_CLIENT_HELLO_SUCCESS;
  *alert = wanted;
  return SSL_CLIENT_HELLO_ERROR;
}

void co_set_hello(SSL_CTX *context, co_hello hello) {
  hello_callback = hello;
  SSL_CTX_set_client_hello_cb(context, on_hello, NULL);
}

static int on_protocols(SSL *session, const unsigned char **out, unsigned char *out_size,
                        const unsigned char *in, unsigned int in_size, void *argument) {
  (void)session;
  const char *name = argument;
  size_t size = strlen(name);
  for (unsigned int at = 0; at < in_size && in[at] < in_size - at; at += 1 + in[at]) {
    if (in[at] != size || memcmp(in + at + 1, name, size) != 0) continue;
    *out = in + at + 1;
    *out_size = (unsigned char)size;
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void co_select_protocol(SSL_CTX *context, const char *name) {
  SSL_CTX_set_alpn_select_cb(context, on_protocols, (void *)name);
}

static int on_certificates(X509_STORE_CTX *store, void *argument) {
  (void)argument;
  SSL *session = co_session_of(store);
  if (session == NULL) return 0;
  // What a certificate has wrong leaves errors in the queue. They must not end a handshake that goes on, nor come
  // before the reason of one that does not.
  ERR_set_mark();
  int goes_on = verification_callback(store, SSL_get_app_data(session));
  ERR_pop_to_mark();
  return goes_on;
}

void co_set_verification(SSL_CTX *context, int mode, co_verification verify) {
  verification_callback = verify;
  SSL_CTX_set_verify(context, mode, NULL);
  SSL_CTX_set_cert_verify_callback(context, on_certificates, NULL);
}

// The receiver of the faults that the verification under way in this thread finds.
struct faults {
  void *argument;
  void (*fault)(void *, int, int);
};
static _Thread_local struct faults *faults;

static int on_fault(int is_good, X509_STORE_CTX *store) {
  if (!is_good && faults != NULL)
    faults->fault(faults->argument, X509_STORE_CTX_get_error(store),
                  X509_STORE_CTX_get_error_depth(store));
  return 1;
}

void co_verify(X509_STORE_CTX *store, void *argument, void (*fault)(void *, int, int)) {
  struct faults mine = {argument, fault};
  faults = &mine;
  X509_STORE_CTX_set_verify_cb(store, on_fault);
  // It can also fail without calling back, for lack of memory, for example.
  if (X509_verify_cert(store) <= 0) fault(argument, X509_STORE_CTX_get_error(store), 0);
  faults = NULL;
}

SSL *co_session_of(X509_STORE_CTX *store) {
  return X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
}

int co_count(const STACK_OF(X509) *chain) { return chain == NULL ? 0 : sk_X509_num(chain); }

X509 *co_certificate(const STACK_OF(X509) *chain, int index) { return sk_X509_value(chain, index); }

int co_add_chain(SSL_CTX *context, X509 *certificate) {
  return (int)SSL_CTX_add0_chain_cert(context, certificate);
}

int co_count_names(const STACK_OF(X509_NAME) *names) {
  return names == NULL ? 0 : sk_X509_NAME_num(names);
}

X509_NAME *co_name(const STACK_OF(X509_NAME) *names, int index) {
  return sk_X509_NAME_value(names, index);
}

int co_add_name(STACK_OF(X509_NAME) *names, X509_NAME *name) {
  X509_NAME *copy = X509_NAME_dup(name);
  if (copy != NULL && sk_X509_NAME_push(names, copy) > 0) return 1;
  X509_NAME_free(copy);
  return 0;
}

STACK_OF(X509_NAME) *co_new_names(void) { return sk_X509_NAME_new_null(); }

void co_free_names(STACK_OF(X509_NAME) *names) { sk_X509_NAME_pop_free(names, X509_NAME_free); }
