#include <COpenSSL.h>
#include <time.h>

uint8_t *co_utf8(const ASN1_STRING *text, int *size) {
  unsigned char *bytes = NULL;
  *size = ASN1_STRING_to_UTF8(&bytes, text);
  return *size < 0 ? NULL : bytes;
}

char *co_name_text(const X509_NAME *name) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio == NULL) return NULL;
  // Text as it is, in UTF-8; what breaks a line is escaped.
  unsigned long flags = (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT;
  char *text = NULL;
  if (X509_NAME_print_ex(bio, name, 0, flags) >= 0) {
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);
    text = size < 0 ? NULL : OPENSSL_strndup(size == 0 ? "" : bytes, (size_t)size);
  }
  BIO_free(bio);
  return text;
}

void co_free(void *memory) { OPENSSL_free(memory); }

int co_count_entries(X509 *certificate) {
  return X509_NAME_entry_count(X509_get_subject_name(certificate));
}

const ASN1_STRING *co_common_name(X509 *certificate, int index) {
  X509_NAME_ENTRY *entry = X509_NAME_get_entry(X509_get_subject_name(certificate), index);
  if (entry == NULL || OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_commonName) return NULL;
  return X509_NAME_ENTRY_get_data(entry);
}

GENERAL_NAMES *co_alternative_names(X509 *certificate) {
  return X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

int co_count_alternatives(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

const ASN1_STRING *co_alternative(const GENERAL_NAMES *names, int index, int type) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  return name == NULL || name->type != type ? NULL : name->d.ia5;
}

int64_t co_seconds(const ASN1_TIME *time) {
  struct tm parts;
  if (!ASN1_TIME_to_tm(time, &parts)) return 0;
  return (int64_t)timegm(&parts);
}

int co_key_bits(X509 *certificate) {
  EVP_PKEY *key = X509_get0_pubkey(certificate);
  return key == NULL ? 0 : EVP_PKEY_get_bits(key);
}

const char *co_key_type(X509 *certificate) {
  EVP_PKEY *key = X509_get0_pubkey(certificate);
  const char *name = key == NULL ? NULL : EVP_PKEY_get0_type_name(key);
  return name == NULL ? "unknown" : name;
}

int co_has_purpose(X509 *certificate, int purpose) {
  return X509_check_purpose(certificate, purpose, 0) == 1;
}

BIO *co_reading(const uint8_t *bytes, int size) { return BIO_new_mem_buf(bytes, size); }

// OpenSSL would ask on the terminal.
static int no_password(char *buffer, int size, int is_writing, void *argument) {
  (void)buffer, (void)size, (void)is_writing, (void)argument;
  return -1;
}

X509 *co_read_certificate(BIO *bio) { return PEM_read_bio_X509(bio, NULL, no_password, NULL); }

EVP_PKEY *co_read_key(BIO *bio) { return PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL); }

X509_CRL *co_read_list(BIO *bio) { return PEM_read_bio_X509_CRL(bio, NULL, no_password, NULL); }
