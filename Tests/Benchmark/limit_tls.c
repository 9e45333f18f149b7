// limit_tls PORT CERTIFICATE KEY CA: a yardstick for the speed that a correct C-ECHO responder over DICOM TLS can
// reach on this machine: limit.c with OpenSSL, set up as echoscpd sets it up, with `tls-client-certificate = require`.
//
// OpenSSL gets its bytes from memory, so that a wakeup makes one receive and at most one send, as without TLS. With
// the descriptor in its hands it would receive twice as often, or half as many associations would be made.

#include "canned.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

enum {
  // Enough for a handshake's longest flight, and for the answers to one receive with the headers of their records.
  wire_size = 4 * input_size + (64 << 10),
};

// The bytes of the call that is under way.
static unsigned char received[input_size], outgoing[wire_size];
static size_t received_size, taken, made;

static SSL_CTX *context;
static BIO *wire;
static SSL **sessions; // by descriptor

static int wire_read(BIO *bio, char *out, size_t size, size_t *count) {
  BIO_clear_retry_flags(bio);
  if (taken == received_size) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *count = size < received_size - taken ? size : received_size - taken;
  memcpy(out, received + taken, *count);
  taken += *count;
  return 1;
}

static int wire_write(BIO *bio, const char *bytes, size_t size, size_t *count) {
  BIO_clear_retry_flags(bio);
  // All that one call may make has room; see `wire_size`.
  if (size > wire_size - made) return 0;
  memcpy(outgoing + made, bytes, size);
  made += *count = size;
  return 1;
}

static long wire_control(BIO *bio, int command, long number, void *pointer) {
  (void)bio, (void)number, (void)pointer;
  return command == BIO_CTRL_FLUSH;
}

static int select_dicom(SSL *session, const unsigned char **out, unsigned char *out_size, const unsigned char *in,
                        unsigned int in_size, void *argument) {
  (void)session, (void)argument;
  static const unsigned char dicom[] = "\5dicom";
  return SSL_select_next_proto((unsigned char **)out, out_size, dicom, sizeof dicom - 1, in, in_size) ==
                 OPENSSL_NPN_NEGOTIATED
             ? SSL_TLSEXT_ERR_OK
             : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Refuses to start without usable files.
static void need(int done, const char *what) {
  if (done == 1) return;
  fprintf(stderr, "limit_tls: %s\n", what);
  ERR_print_errors_fp(stderr);
  exit(1);
}

/// Makes what all sessions share, with the settings of Sources/COpenSSL/context.c.
static void make_context(const char *certificate, const char *key, const char *ca) {
  context = SSL_CTX_new(TLS_server_method());
  need(context != NULL, "no memory");
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(context, 2);
  SSL_CTX_set_max_cert_list(context, 32 << 10);
  need(SSL_CTX_set_num_tickets(context, 0), "tickets");
  need(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION), "TLS 1.2");
  need(SSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"),
       "suites");
  need(SSL_CTX_use_certificate_chain_file(context, certificate), certificate);
  need(SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM), key);
  need(SSL_CTX_load_verify_file(context, ca), ca);
  SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(ca));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  SSL_CTX_set_alpn_select_cb(context, select_dicom, NULL);

  BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
  need(method != NULL && BIO_meth_set_read_ex(method, wire_read) && BIO_meth_set_write_ex(method, wire_write) &&
           BIO_meth_set_ctrl(method, wire_control),
       "no memory");
  wire = BIO_new(method);
  need(wire != NULL, "no memory");
  BIO_set_init(wire, 1);
}

/// Makes a session. One BIO serves all of them, since the bytes are those of the call that is under way.
static SSL *begin(int fd) {
  SSL *session = SSL_new(context);
  need(session != NULL && BIO_up_ref(wire), "no memory");
  SSL_set_bio(session, wire, wire);
  SSL_set_accept_state(session);
  return sessions[fd] = session;
}

/// Answers the decrypted requests, which follow the bytes kept before. Returns false to close the connection.
static bool reply(int fd, SSL *session, size_t count) {
  size_t used = 0, sent = 0;
  const ssize_t due = answer(count, &used);
  if (due < 0 || (due > 0 && SSL_write_ex(session, output, (size_t)due, &sent) != 1)) return false;
  keep(fd, input + used, count - used);
  return true;
}

/// Decrypts what has come, and answers it. Returns false to close the connection.
static bool talk(int fd, SSL *session) {
  do {
    size_t count = 0, more = 0;
    if (rests[fd] != NULL) {
      count = rests[fd]->size;
      memcpy(input, rests[fd]->bytes, count);
    }
    const int done = SSL_read_ex(session, input + count, input_size - count, &more);
    if (done != 1) {
      const int error = SSL_get_error(session, done);
      if (error == SSL_ERROR_WANT_READ) return true;
      if (error == SSL_ERROR_ZERO_RETURN) SSL_shutdown(session);
      ERR_clear_error();
      return false;
    }
    if (!reply(fd, session, count + more)) return false;
  } while (taken < received_size || SSL_has_pending(session));
  return true;
}

/// Makes one receive, and one send for all that is due. Returns false to close the connection.
static bool exchange(int fd) {
  const ssize_t size = recv(fd, received, input_size, 0);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0) return false;
  received_size = (size_t)size;
  taken = made = 0;
  const bool goes_on = talk(fd, sessions[fd] != NULL ? sessions[fd] : begin(fd));
  return (made == 0 || send(fd, outgoing, made, MSG_NOSIGNAL) == (ssize_t)made) && goes_on;
}

static void serve(int fd) {
  if (exchange(fd)) return;
  SSL_free(sessions[fd]);
  sessions[fd] = NULL;
  keep(fd, NULL, 0);
  close(fd);
}

int main(int argc, char **argv) {
  const uint16_t port = argc == 5 ? port_of(argv[1]) : 0;
  if (port == 0) {
    fputs("usage: limit_tls PORT CERTIFICATE KEY CA\n", stderr);
    return 64;
  }
  make_context(argv[2], argv[3], argv[4]);
  sessions = calloc(most_descriptors(), sizeof *sessions);
  if (sessions == NULL) fail("calloc");
  run(port, serve);
}
