#include <COpenSSL.h>
#include <string.h>

// The bytes of the call that is under way.
struct wire {
  const uint8_t *input;
  size_t input_size;
  size_t taken;
  uint8_t *output;
  size_t output_size;
  size_t made;
};

static int wire_read(BIO *bio, char *out, int size) {
  struct wire *wire = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  size_t left = wire == NULL ? 0 : wire->input_size - wire->taken;
  if (left == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  size_t count = (size_t)size < left ? (size_t)size : left;
  memcpy(out, wire->input + wire->taken, count);
  wire->taken += count;
  return (int)count;
}

static int wire_write(BIO *bio, const char *bytes, int size) {
  struct wire *wire = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  size_t room = wire == NULL ? 0 : wire->output_size - wire->made;
  if (room == 0) {
    BIO_set_retry_write(bio);
    return -1;
  }
  size_t count = (size_t)size < room ? (size_t)size : room;
  memcpy(wire->output + wire->made, bytes, count);
  wire->made += count;
  return (int)count;
}

static long wire_control(BIO *bio, int command, long number, void *pointer) {
  (void)bio, (void)number, (void)pointer;
  return command == BIO_CTRL_FLUSH;
}

static int wire_create(BIO *bio) {
  BIO_set_init(bio, 1);
  return 1;
}

static BIO_METHOD *wire_method;
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

static void make_method(void) {
  BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
  if (method == NULL) return;
  BIO_meth_set_read(method, wire_read);
  BIO_meth_set_write(method, wire_write);
  BIO_meth_set_ctrl(method, wire_control);
  BIO_meth_set_create(method, wire_create);
  wire_method = method;
}

SSL *co_session(SSL_CTX *context, int is_server, void *argument) {
  if (!CRYPTO_THREAD_run_once(&once, make_method) || wire_method == NULL) return NULL;
  SSL *session = SSL_new(context);
  BIO *bio = session == NULL ? NULL : BIO_new(wire_method);
  if (bio == NULL || !SSL_set_app_data(session, argument)) {
    BIO_free(bio);
    SSL_free(session);
    co_forget_errors();
    return NULL;
  }
  SSL_set_bio(session, bio, bio);
  if (is_server) SSL_set_accept_state(session);
  else SSL_set_connect_state(session);
  return session;
}

void *co_argument(SSL *session) { return SSL_get_app_data(session); }

// The calls for data leave no error behind unless they fail, and those are taken out by `co_take_error`. Calls that
// may leave some although they succeed end with `co_forget_errors`: `SSL_get_error` would take an old error for a new
// one, and to look for errors before each call takes as long as a thirtieth of an echo.
static void begin(SSL *session, struct wire *wire) { BIO_set_data(SSL_get_rbio(session), wire); }

static enum co_result end(SSL *session, int result) {
  enum co_result outcome = co_done;
  if (result <= 0) {
    // Asked while the bytes are still lent, since it looks at the BIO.
    switch (SSL_get_error(session, result)) {
      case SSL_ERROR_WANT_READ: outcome = co_needs_input; break;
      case SSL_ERROR_WANT_WRITE: outcome = co_needs_output; break;
      case SSL_ERROR_ZERO_RETURN: outcome = co_closed; break;
      default: outcome = co_failed;
    }
  }
  BIO_set_data(SSL_get_rbio(session), NULL);
  return outcome;
}

void co_forget_errors(void) { ERR_clear_error(); }

enum co_result co_handshake(SSL *session, const uint8_t *input, size_t input_size, size_t *taken,
                            uint8_t *output, size_t output_size, size_t *made) {
  struct wire wire = {input, input_size, 0, output, output_size, 0};
  // Another use of OpenSSL in this thread may have left some.
  co_forget_errors();
  begin(session, &wire);
  enum co_result result = end(session, SSL_do_handshake(session));
  if (result != co_failed) co_forget_errors();
  *taken = wire.taken;
  *made = wire.made;
  return result;
}

enum co_result co_receive(SSL *session, const uint8_t *input, size_t input_size, size_t *taken,
                          uint8_t *plain, size_t plain_size, size_t *filled, uint8_t *output,
                          size_t output_size, size_t *made) {
  struct wire wire = {input, input_size, 0, output, output_size, 0};
  begin(session, &wire);
  size_t all = 0;
  int result = 1;
  // Each call decrypts at most one record; one without input would only ask for some.
  while (all < plain_size && (wire.taken < input_size || SSL_has_pending(session))) {
    size_t count = 0;
    result = SSL_read_ex(session, plain + all, plain_size - all, &count);
    if (result <= 0) break;
    all += count;
  }
  enum co_result outcome = end(session, result);
  *taken = wire.taken;
  *filled = all;
  *made = wire.made;
  return outcome;
}

enum co_result co_send(SSL *session, const uint8_t *plain, size_t plain_size, uint8_t *output,
                       size_t output_size, size_t *made) {
  struct wire wire = {NULL, 0, 0, output, output_size, 0};
  begin(session, &wire);
  size_t count = 0;
  enum co_result result = end(session, SSL_write_ex(session, plain, plain_size, &count));
  *made = wire.made;
  return result;
}

void co_close(SSL *session, uint8_t *output, size_t output_size, size_t *made) {
  struct wire wire = {NULL, 0, 0, output, output_size, 0};
  begin(session, &wire);
  (void)end(session, SSL_shutdown(session));
  co_forget_errors();
  *made = wire.made;
}

int co_set_server_name(SSL *session, const char *name) {
  return (int)SSL_set_tlsext_host_name(session, name);
}

const char *co_group(SSL *session) {
  // Without a session, the next call would follow a null pointer.
  if (SSL_get_session(session) == NULL) return NULL;
  int number = (int)SSL_get_negotiated_group(session);
  return number == 0 ? NULL : SSL_group_to_name(session, number);
}

unsigned long co_take_error(void) {
  // The first error of TLS itself: one of a layer below, such as a point that is not on its curve, comes before it.
  unsigned long code = 0;
  for (unsigned long next; (next = ERR_get_error()) != 0;)
    if (code == 0 || (ERR_GET_LIB(code) != ERR_LIB_SSL && ERR_GET_LIB(next) == ERR_LIB_SSL))
      code = next;
  return code;
}

int co_reason(unsigned long code) {
  return ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
}

unsigned long co_error(int reason) { return ERR_PACK(ERR_LIB_SSL, 0, reason); }

const char *co_words(unsigned long code) {
  // Without a context, the words of TLS are not loaded.
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, NULL);
  return ERR_reason_error_string(code);
}
