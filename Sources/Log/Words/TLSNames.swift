/// The names of the numbers in a TLS handshake (IANA, TLS Parameters), as far as devices use them.
public enum TLSNames {
  /// The name of a version of TLS: `TLS 1.2`.
  static func version(_ number: UInt16) -> String {
    switch number {
    case 0x0002: "SSL 2.0"
    case 0x0300: "SSL 3.0"
    case 0x0301...0x0304: "TLS 1.\(number - 0x0301)"
    default: "0x\(hex(number))"
    }
  }

  /// The name of a group for the key exchange (TLS Supported Groups).
  static func group(_ number: UInt16) -> String { name(number, in: groups) }

  /// The name of a signature algorithm (TLS SignatureScheme).
  static func signatureAlgorithm(_ number: UInt16) -> String {
    name(number, in: signatureAlgorithms)
  }

  /// The name and the number of an alert (RFC 8446 §6): `unknown_ca (48)`.
  public static func alert(_ number: UInt8) -> String {
    alerts[number].map { "\($0) (\(number))" } ?? "\(number)"
  }

  private static func name(_ number: UInt16, in names: [UInt16: String]) -> String {
    names[number] ?? "0x\(hex(number))"
  }

  /// Whether a number is reserved to keep servers tolerant of unknown ones (RFC 8701).
  static func isReserved(_ number: UInt16) -> Bool {
    number & 0x0F0F == 0x0A0A && number >> 8 == number & 0xFF
  }

  private static let groups: [UInt16: String] = [
    1: "sect163k1", 2: "sect163r1", 3: "sect163r2", 4: "sect193r1", 5: "sect193r2",
    6: "sect233k1", 7: "sect233r1", 8: "sect239k1", 9: "sect283k1", 10: "sect283r1",
    11: "sect409k1", 12: "sect409r1", 13: "sect571k1", 14: "sect571r1", 15: "secp160k1",
    16: "secp160r1", 17: "secp160r2", 18: "secp192k1", 19: "secp192r1", 20: "secp224k1",
    21: "secp224r1", 22: "secp256k1", 23: "secp256r1", 24: "secp384r1", 25: "secp521r1",
    26: "brainpoolP256r1", 27: "brainpoolP384r1", 28: "brainpoolP512r1", 29: "x25519",
    30: "x448", 31: "brainpoolP256r1tls13", 32: "brainpoolP384r1tls13",
    33: "brainpoolP512r1tls13", 41: "curveSM2", 256: "ffdhe2048", 257: "ffdhe3072",
    258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192", 512: "MLKEM512", 513: "MLKEM768",
    514: "MLKEM1024", 4587: "SecP256r1MLKEM768", 4588: "X25519MLKEM768",
    4589: "SecP384r1MLKEM1024", 25_497: "X25519Kyber768Draft00",
    0xFF01: "arbitrary_explicit_prime_curves", 0xFF02: "arbitrary_explicit_char2_curves",
  ]

  private static let signatureAlgorithms: [UInt16: String] = [
    0x0101: "rsa_md5", 0x0201: "rsa_pkcs1_sha1", 0x0202: "dsa_sha1", 0x0203: "ecdsa_sha1",
    0x0301: "rsa_sha224", 0x0302: "dsa_sha224", 0x0303: "ecdsa_sha224",
    0x0401: "rsa_pkcs1_sha256", 0x0402: "dsa_sha256", 0x0403: "ecdsa_secp256r1_sha256",
    0x0501: "rsa_pkcs1_sha384", 0x0502: "dsa_sha384", 0x0503: "ecdsa_secp384r1_sha384",
    0x0601: "rsa_pkcs1_sha512", 0x0602: "dsa_sha512", 0x0603: "ecdsa_secp521r1_sha512",
    0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512",
    0x0807: "ed25519", 0x0808: "ed448", 0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384", 0x080B: "rsa_pss_pss_sha512",
    0x081A: "ecdsa_brainpoolP256r1tls13_sha256", 0x081B: "ecdsa_brainpoolP384r1tls13_sha384",
    0x081C: "ecdsa_brainpoolP512r1tls13_sha512", 0x0904: "mldsa44", 0x0905: "mldsa65",
    0x0906: "mldsa87",
  ]

  private static let alerts: [UInt8: String] = [
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed",
    22: "record_overflow", 30: "decompression_failure", 40: "handshake_failure",
    41: "no_certificate", 42: "bad_certificate", 43: "unsupported_certificate",
    44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
    47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
    51: "decrypt_error", 60: "export_restriction", 70: "protocol_version",
    71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback",
    90: "user_canceled", 100: "no_renegotiation", 109: "missing_extension",
    110: "unsupported_extension", 111: "certificate_unobtainable", 112: "unrecognized_name",
    113: "bad_certificate_status_response", 114: "bad_certificate_hash_value",
    115: "unknown_psk_identity", 116: "certificate_required", 120: "no_application_protocol",
  ]
}

/// The errors of a certificate's verification that make it invalid (OpenSSL, X509_V_ERR_…), in words.
public enum VerificationErrors {
  /// The error in words, with its number: `a signature in its chain is wrong (OpenSSL's error 7)`.
  public static func text(_ code: Int32) -> String {
    words[code].map { "\($0) (OpenSSL's error \(code))" } ?? "OpenSSL's error \(code)"
  }

  /// There is no list of a CA, or a list of another scope.
  static let missingLists: Set<Int32> = [3, 33, 44]
  /// The list of a CA is not valid yet.
  static let listNotYetValid: Int32 = 11
  /// The list of a CA has expired.
  static let listExpired: Int32 = 12
  /// A signature in the chain uses a weak hash.
  static let weakHash: Int32 = 68

  private static let words: [Int32: String] = [
    4: "a signature in its chain cannot be decrypted",
    6: "the key of a CA in its chain cannot be read", 7: "a signature in its chain is wrong",
    13: "its notBefore date is malformed", 14: "its notAfter date is malformed",
    22: "its chain has too many certificates", 24: "a CA in its chain has no key",
    25: "its chain is longer than a CA in it allows", 28: "a CA in its chain is rejected here",
    32: "a CA in its chain may not sign certificates",
    34: "it has a critical extension that is not known here",
    37: "a certificate in its chain that issued another is not that of a CA",
    39: "its key may not sign (key usage digitalSignature)",
    40: "a proxy certificate is in its chain", 41: "an extension is malformed",
    42: "a policy extension is malformed", 43: "its chain has no explicit policy",
    47: "it has a name outside the names that a CA in its chain permits",
    48: "it has a name that a CA in its chain excludes",
    51: "a name constraint in its chain is of a type that is not known here",
    53: "it has a name in a form that is not known here", 55: "its chain is a loop",
    76: "a signature in its chain has an algorithm that is not known here",
    77: "a signature in its chain does not match the key that made it",
    78: "it states two different signature algorithms",
    79: "a certificate in its chain that issued another is not that of a CA",
    94: "a key in its chain has explicit curve parameters",
  ]
}
