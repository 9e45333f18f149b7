import COpenSSL

/// A certificate with its private key, made by OpenSSL when a test asks for it.
@safe
public final class Identity: Sendable {
  // Safe because both are written once, and OpenSSL only reads them from then on.
  nonisolated(unsafe) let certificate: OpaquePointer
  nonisolated(unsafe) let privateKey: OpaquePointer

  /// A certificate that says what `profile` does, signed by `issuer`, or with its own key.
  public init(_ profile: CertificateProfile, by issuer: Identity? = nil) {
    // Safe because the new certificate and key are used only here until they are complete.
    let key = unsafe Self.makeKey(profile.key)
    unsafe privateKey = key
    unsafe certificate = X509_new()
    unsafe X509_set_version(certificate, 2)
    unsafe ASN1_INTEGER_set_uint64(
      X509_get_serialNumber(certificate), UInt64.random(in: 1 << 32..<1 << 63))
    unsafe X509_set_pubkey(certificate, key)
    let subject = unsafe Self.makeName(profile.commonNames)
    unsafe X509_set_subject_name(certificate, subject)
    unsafe X509_set_issuer_name(
      certificate, issuer.map { unsafe X509_get_subject_name($0.certificate) } ?? subject)
    unsafe X509_NAME_free(subject)
    unsafe Self.setDates(of: certificate, profile)
    unsafe Self.addExtensions(to: certificate, profile)
    let signed = unsafe X509_sign(
      certificate, issuer?.privateKey ?? key, profile.usesSHA1 ? EVP_sha1() : EVP_sha256())
    precondition(signed > 0, "OpenSSL signs no certificate")
  }

  deinit {
    // Safe because nothing else has these references.
    unsafe X509_free(certificate)
    unsafe EVP_PKEY_free(privateKey)
  }

  private static func makeKey(_ kind: CertificateProfile.Key) -> OpaquePointer {
    // Safe because the generator is freed only after it has made the key.
    let type = if case .rsa = kind { "RSA" } else { "EC" }
    guard let generator = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else {
      preconditionFailure("OpenSSL makes no keys")
    }
    defer { unsafe EVP_PKEY_CTX_free(generator) }
    unsafe EVP_PKEY_keygen_init(generator)
    switch kind {
    case .p256: unsafe EVP_PKEY_CTX_set_group_name(generator, "P-256")
    case .rsa(let bits): unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(generator, Int32(bits))
    }
    var key: OpaquePointer?
    unsafe EVP_PKEY_generate(generator, &key)
    guard let key = unsafe key else { preconditionFailure("OpenSSL makes no keys") }
    return unsafe key
  }

  /// The name of a subject: an organization, and common names.
  private static func makeName(_ commonNames: [[UInt8]]) -> OpaquePointer? {
    // Safe because the bytes are copied into the new name.
    let name = unsafe X509_NAME_new()
    for (type, text) in [(NID_organizationName, Array("Hospital".utf8))]
      + commonNames.map({ (NID_commonName, $0) })
    {
      unsafe X509_NAME_add_entry_by_NID(
        name, type, V_ASN1_UTF8STRING, text, Int32(text.count), -1, 0)
    }
    return unsafe name
  }

  private static func setDates(of certificate: OpaquePointer, _ profile: CertificateProfile) {
    // Safe because the times belong to the certificate, which the caller has just made.
    unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), profile.firstDay * 86_400)
    unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), profile.lastDay * 86_400 + 43_200)
    if let text = profile.endText {
      unsafe ASN1_STRING_set(X509_getm_notAfter(certificate), text, Int32(text.utf8.count))
    }
  }

  private static func addExtensions(
    to certificate: OpaquePointer, _ profile: CertificateProfile
  ) {
    let texts = [
      (NID_basic_constraints, profile.isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE"),
      (NID_ext_key_usage, profile.usage), (NID_subject_alt_name, profile.alternativeNames),
    ]
    // Safe because the certificate takes a copy of each extension.
    for (type, text) in texts {
      guard let text else { continue }
      let made = unsafe X509V3_EXT_conf_nid(nil, nil, type, text)
      unsafe X509_add_ext(certificate, made, -1)
      unsafe X509_EXTENSION_free(made)
    }
    for raw in profile.extensions {
      let value = unsafe ASN1_OCTET_STRING_new()
      unsafe ASN1_OCTET_STRING_set(value, raw.value, Int32(raw.value.count))
      let type = unsafe OBJ_txt2obj(raw.identifier, 1)
      let made = unsafe X509_EXTENSION_create_by_OBJ(nil, type, raw.isCritical ? 1 : 0, value)
      unsafe X509_add_ext(certificate, made, -1)
      unsafe X509_EXTENSION_free(made)
      unsafe ASN1_OBJECT_free(type)
      unsafe ASN1_OCTET_STRING_free(value)
    }
  }
}

// As files.
extension Identity {
  /// The certificate in PEM.
  public var pem: String {
    // Safe because the certificate lives as long as this value.
    unsafe Self.text { unsafe PEM_write_bio_X509($0, certificate) }
  }

  /// The private key in PEM.
  public var key: String {
    // Safe because the key lives as long as this value.
    unsafe Self.text { unsafe PEM_write_bio_PrivateKey($0, privateKey, nil, nil, 0, nil, nil) }
  }

  /// The private key in PEM, encrypted with a password.
  public var encryptedKey: String {
    // Safe because the key lives as long as this value.
    unsafe Self.text {
      unsafe PEM_write_bio_PKCS8PrivateKey(
        $0, privateKey, EVP_aes_128_cbc(), "secret", 6, nil, nil)
    }
  }

  /// The private key in PEM, encrypted with a password in the older way (RFC 1421).
  public var traditionallyEncryptedKey: String {
    // Safe because the key lives as long as this value, and OpenSSL only reads the password.
    unsafe Self.text { bio in
      let password = Array("secret".utf8)
      return unsafe PEM_write_bio_PrivateKey_traditional(
        bio, privateKey, EVP_aes_128_cbc(), password, 6, nil, nil)
    }
  }

  /// The certificate in DER.
  public var der: [UInt8] {
    // Safe because the buffer has room for as many bytes as the first call counts.
    let size = unsafe Int(i2d_X509(certificate, nil))
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      var end = buffer.baseAddress
      count = unsafe Int(i2d_X509(certificate, &end))
    }
  }

  /// A revocation list of this CA that names the `revoked` certificates, in PEM, valid between these days.
  public func revocationList(
    of revoked: [Identity], firstDay: Int = -1, lastDay: Int = 30
  ) -> String {
    // Safe because the new list is used only here, and everything put into it is copied or owned by it.
    let list = unsafe X509_CRL_new()
    defer { unsafe X509_CRL_free(list) }
    unsafe X509_CRL_set_version(list, 1)
    unsafe X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate))
    let time = unsafe ASN1_TIME_new()
    defer { unsafe ASN1_TIME_free(time) }
    unsafe X509_gmtime_adj(time, lastDay * 86_400 + 43_200)
    unsafe X509_CRL_set1_nextUpdate(list, time)
    unsafe X509_gmtime_adj(time, firstDay * 86_400)
    unsafe X509_CRL_set1_lastUpdate(list, time)
    for identity in revoked {
      let entry = unsafe X509_REVOKED_new()
      unsafe X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(identity.certificate))
      unsafe X509_REVOKED_set_revocationDate(entry, time)
      unsafe X509_CRL_add0_revoked(list, entry)
    }
    unsafe X509_CRL_sort(list)
    unsafe X509_CRL_sign(list, privateKey, EVP_sha256())
    return unsafe Self.text { unsafe PEM_write_bio_X509_CRL($0, list) }
  }

  /// The text that `write` puts into a BIO.
  private static func text(_ write: (OpaquePointer?) -> Int32) -> String {
    // Safe because the array has room for the bytes that each call may read.
    let bio = unsafe BIO_new(BIO_s_mem())
    defer { unsafe BIO_free(bio) }
    precondition(unsafe write(bio) == 1, "OpenSSL writes no PEM")
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let size = unsafe BIO_read(bio, &piece, Int32(piece.count))
      if size <= 0 { break }
      text += piece[..<Int(size)]
    }
    ERR_clear_error()
    return String(decoding: text, as: UTF8.self)
  }
}
