import COpenSSL

/// A certificate in memory (X509), which it owns.
@safe
struct Certificate: ~Copyable {
  // Safe because the pointer is valid until `deinit`, and nothing else releases this reference.
  let pointer: OpaquePointer

  /// Takes over the reference of the caller.
  init(owning pointer: OpaquePointer) { unsafe self.pointer = pointer }

  deinit {
    // Safe because this was the only owner of the reference.
    unsafe X509_free(pointer)
  }

  /// Its facts.
  var facts: CertificateFacts {
    // Safe because the pointer is valid while this value lives.
    unsafe CertificateFacts(pointer)
  }
}

extension CertificateFacts {
  /// The largest number of names kept of each kind.
  private static let mostNames = 64

  /// The facts about `certificate`, an X509.
  init(_ certificate: OpaquePointer) {
    self.init()
    // Safe because the caller lends the certificate, and every text is copied before it is freed.
    subject = unsafe Self.text(of: X509_get_subject_name(certificate))
    issuer = unsafe Self.text(of: X509_get_issuer_name(certificate))
    fingerprint = unsafe Self.fingerprint(of: certificate)
    // A time that is none is the beginning of 1970, so that no calculation with it overflows.
    notBefore = unsafe X509_get0_notBefore(certificate).map { unsafe co_seconds($0) } ?? 0
    notAfter = unsafe X509_get0_notAfter(certificate).map { unsafe co_seconds($0) } ?? 0
    keyType = unsafe String(cString: co_key_type(certificate))
    keyBits = unsafe Int(co_key_bits(certificate))
    isForClients = unsafe co_has_purpose(certificate, X509_PURPOSE_SSL_CLIENT) == 1
    isForServers = unsafe co_has_purpose(certificate, X509_PURPOSE_SSL_SERVER) == 1
    isSelfSigned = unsafe X509_self_signed(certificate, 0) == 1
    for index in unsafe 0..<min(co_count_entries(certificate), Int32(Self.mostNames)) {
      guard let name = unsafe co_common_name(certificate, index) else { continue }
      if let bytes = unsafe Self.utf8(of: name) { commonNames.append(bytes) }
    }
    unsafe readAlternativeNames(of: certificate)
  }

  private mutating func readAlternativeNames(of certificate: OpaquePointer) {
    // Safe because the names are freed only after their bytes are copied.
    guard let names = unsafe co_alternative_names(certificate) else { return }
    defer { unsafe GENERAL_NAMES_free(names) }
    for index in unsafe 0..<min(co_count_alternatives(names), Int32(Self.mostNames)) {
      if let name = unsafe co_alternative(names, index, GEN_DNS) {
        if let bytes = unsafe Self.utf8(of: name) { dnsNames.append(bytes) }
      } else if let name = unsafe co_alternative(names, index, GEN_URI) {
        if let bytes = unsafe Self.utf8(of: name) { uris.append(bytes) }
      }
    }
  }

  /// A distinguished name as text.
  static func text(of name: OpaquePointer?) -> String {
    // Safe because the text ends with a NUL and is freed after it was copied.
    guard let name = unsafe name, let text = unsafe co_name_text(name) else { return "" }
    defer { unsafe co_free(text) }
    return unsafe String(cString: text)
  }

  private static func utf8(of text: UnsafePointer<ASN1_STRING>) -> [UInt8]? {
    var size: Int32 = 0
    // Safe because the call returns `size` bytes, which are freed after they were copied.
    guard let bytes = unsafe co_utf8(text, &size) else { return nil }
    defer { unsafe co_free(bytes) }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
  }

  /// The SHA-256 hash of a certificate.
  private static func fingerprint(of certificate: OpaquePointer) -> [UInt8] {
    var size: UInt32 = 0
    // Safe because the array has room for the longest hash, and `size` is the number of bytes written.
    var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    let isDone = unsafe hash.withUnsafeMutableBufferPointer {
      unsafe X509_digest(certificate, EVP_sha256(), $0.baseAddress, &size)
    }
    return isDone == 1 ? Array(hash.prefix(Int(size))) : []
  }
}
