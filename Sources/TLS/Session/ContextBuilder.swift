import COpenSSL
import Linux

/// A context that is being made: it reads the files, and collects all their problems.
@safe
struct ContextBuilder: ~Copyable {
  // Safe because the pointer is valid until `deinit`.
  let pointer: OpaquePointer
  /// Our certificates, our own first.
  private(set) var chain: [CertificateFacts] = []
  /// The SHA-256 hashes of the certificates of single devices.
  private(set) var deviceFingerprints: Set<[UInt8]> = []
  /// The subjects of these certificates.
  private(set) var deviceSubjects: Set<String> = []
  private var problems: [FileProblem] = []

  /// The problem of a system that cannot make a context at all.
  private static let noMemory = FileProblem(
    "OpenSSL", "makes no context", "check its configuration and the memory of this machine")

  init(isServer: Bool, _ files: ContextFiles) throws(Context.Failure) {
    // Safe because the call returns a new context, which this value owns.
    let made = unsafe SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method())
    let version = files.requiresTLS13 ? TLS1_3_VERSION : TLS1_2_VERSION
    guard let made = unsafe made, unsafe co_restrict(made, version, Context.suites) == 1 else {
      unsafe SSL_CTX_free(made)
      throw Context.Failure(problems: [Self.noMemory])
    }
    unsafe co_limit_chain(made, Context.longestChain)
    unsafe pointer = made
  }

  deinit {
    // Safe because a finished context has a reference of its own.
    unsafe SSL_CTX_free(pointer)
  }

  /// Throws the problems found, if there are any.
  func finish() throws(Context.Failure) {
    ERR_clear_error()
    if !problems.isEmpty { throw Context.Failure(problems: problems) }
  }

  /// Adds `problem` of the file that `setting` names.
  private mutating func add(_ problem: FileProblem, of setting: String) {
    var problem = problem
    problem.setting = setting
    problems.append(problem)
  }

  // Our own certificate.

  /// Reads our certificate, its chain and its key.
  mutating func readOwnCertificate(_ files: ContextFiles) {
    guard let path = files.certificate else { return }
    var size = 0
    do throws(FileProblem) {
      let bytes = try PEMFile.content(of: path)
      size = bytes.count
      let items = PEMFile.readCertificates(bytes) { use($0) }
      try Self.check(items, of: path, "certificate")
      if items.count == 0 {
        throw FileProblem(
          path, "has no certificate", "give a PEM file with the certificate and its chain")
      }
      if size > 2 * Context.longestChain {
        throw FileProblem(
          path, "has \(items.count) certificates", "give only the certificate and its chain")
      }
    } catch {
      return add(error, of: "tls-certificate")
    }
    guard let keyPath = files.privateKey else { return }
    do throws(FileProblem) {
      try useKey(in: PEMFile.content(of: keyPath), of: keyPath, for: path)
    } catch {
      add(error, of: "tls-private-key")
    }
  }

  /// Adds one of our certificates, the first of which is our own.
  private mutating func use(_ certificate: consuming Certificate) {
    let isOwn = chain.isEmpty
    chain.append(certificate.facts)
    // Safe because the context takes a reference of its own to each.
    if isOwn {
      unsafe SSL_CTX_use_certificate(pointer, certificate.pointer)
    } else {
      unsafe X509_up_ref(certificate.pointer)
      if unsafe co_add_chain(pointer, certificate.pointer) != 1 {
        unsafe X509_free(certificate.pointer)
      }
    }
  }

  /// Why a private key is not used.
  private enum KeyFault {
    case none
    case unreadable
    case ofAnotherType(String)
    case ofAnotherCertificate
    case refused
  }

  private func useKey(
    in bytes: [UInt8], of path: String, for certificatePath: String
  ) throws(FileProblem) {
    let context = unsafe pointer
    let type = chain.first?.keyType ?? ""
    // Safe because the key is lent for the call, and the context takes a reference of its own.
    let fault = unsafe PEMFile.withKey(bytes) { key -> KeyFault in
      guard let key = unsafe key else { return .unreadable }
      let keyType = unsafe EVP_PKEY_get0_type_name(key).map { unsafe String(cString: $0) } ?? ""
      if keyType != type { return .ofAnotherType(keyType) }
      guard let own = unsafe SSL_CTX_get0_certificate(context) else { return .refused }
      if unsafe X509_check_private_key(own, key) != 1 { return .ofAnotherCertificate }
      return unsafe SSL_CTX_use_PrivateKey(context, key) == 1 ? .none : .refused
    }
    switch fault {
    case .none: return
    case .unreadable:
      if Self.isEncrypted(bytes) {
        throw FileProblem(
          path, "the private key is encrypted",
          "decrypt it, since a service cannot ask for a password: openssl pkey -in KEY -out NEW")
      }
      throw FileProblem(path, "has no private key", "give a PEM file with the private key")
    case .ofAnotherType(let keyType):
      throw FileProblem(
        path, "has a key of type \(keyType), but the certificate has one of type \(type)",
        "give the key that \(certificatePath) was made with")
    case .ofAnotherCertificate:
      throw FileProblem(
        path, "is not the key of the certificate",
        "give the key that \(certificatePath) was made with")
    case .refused:
      throw FileProblem(
        path, "OpenSSL refuses the certificate or its key, which may be too short",
        "use RSA with at least 2048 bits, or P-256")
    }
  }

  /// Whether the headers of a PEM file say that its key is encrypted (RFC 7468 §11, RFC 1421 §4.6.1.1).
  private static func isEncrypted(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: UInt8(ascii: "\n")).contains { line in
      line.starts(with: "-----BEGIN ENCRYPTED".utf8)
        || line.starts(with: "Proc-Type: 4,ENCRYPTED".utf8)
    }
  }

  // The certificates of others.

  /// Reads the certificates that are trusted, and the revocation lists.
  mutating func readTrusted(_ files: ContextFiles) {
    if let path = files.caCertificates {
      let names = unsafe co_new_names()
      var size = 0
      let context = unsafe pointer
      read("tls-ca-certificates", path) { bytes in
        PEMFile.readCertificates(bytes) { size += unsafe Self.trust($0, context, names) }
      }
      // Safe because the context takes the list over, or it is freed here.
      if size > Context.longestNames {
        unsafe co_free_names(names)
      } else {
        unsafe SSL_CTX_set_client_CA_list(pointer, names)
      }
    }
    if let path = files.deviceCertificates {
      var all: [CertificateFacts] = []
      read("tls-device-certificates", path) { bytes in
        PEMFile.readCertificates(bytes) { all.append($0.facts) }
      }
      deviceFingerprints = Set(all.map(\.fingerprint))
      deviceSubjects = Set(all.map(\.subject))
    }
    if let path = files.crl {
      let context = unsafe pointer
      // Safe because the store belongs to the context, and takes a reference of its own to each list.
      read("tls-crl", path) { bytes in
        unsafe PEMFile.readLists(bytes) { list in
          unsafe X509_STORE_add_crl(SSL_CTX_get_cert_store(context), list)
        }
      }
      let flags = UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)
      unsafe X509_STORE_set_flags(SSL_CTX_get_cert_store(context), flags)
    }
  }

  /// Reads the certificate that a server must present.
  mutating func readExpected(_ files: ContextFiles) {
    guard let path = files.expectedCertificate else { return }
    var first: [UInt8]?
    read("tls-certificate", path) { bytes in
      PEMFile.readCertificates(bytes) { first = first ?? $0.facts.fingerprint }
    }
    if let first { deviceFingerprints.insert(first) }
  }

  /// Throws if an item of the file at `path` is damaged.
  private static func check(
    _ items: PEMFile.Items, of path: String, _ what: String
  ) throws(FileProblem) {
    guard items.isDamaged else { return }
    throw FileProblem(
      path, "\(what) \(items.count + 1) is damaged", "replace it, or remove it from the file")
  }

  /// Reads the file or folder at `path` with `body`, which reads the bytes of a file.
  private mutating func read(
    _ setting: String, _ path: String, _ body: ([UInt8]) -> PEMFile.Items
  ) {
    let what = setting == "tls-crl" ? "certificate revocation list" : "certificate"
    do throws(FileProblem) {
      let files = try PEMFile.contents(of: path)
      for file in files {
        let items = body(file.bytes)
        try Self.check(items, of: file.path, what)
        if items.count == 0 {
          throw FileProblem(file.path, "has no \(what)", "give PEM files, and nothing else")
        }
      }
      if files.isEmpty { throw FileProblem(path, "has no file", "put PEM files there") }
    } catch {
      add(error, of: setting)
    }
  }

  /// Trusts a CA. Returns the size of its name, in bytes.
  private static func trust(
    _ certificate: consuming Certificate, _ context: OpaquePointer, _ names: OpaquePointer?
  ) -> Int {
    // Safe because the store takes a reference of its own, and the list a copy of the name.
    unsafe X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.pointer)
    guard let names = unsafe names,
      let name = unsafe X509_get_subject_name(certificate.pointer),
      unsafe co_add_name(names, name) == 1
    else { return 0 }
    return unsafe Int(i2d_X509_NAME(name, nil))
  }
}
