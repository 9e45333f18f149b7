import COpenSSL
import Linux

/// What all TLS connections of one side have in common: certificate and key, the certificates that are trusted, and
/// the profile (PS3.15 B.12: BCP 195 with RFC 8996 and 9325). It never changes; a reload makes another one.
@safe
public final class Context: Sendable {
  /// The cipher suites of TLS 1.2 (RFC 9325 §4.2). Those of TLS 1.3 are OpenSSL's defaults, and so are the groups
  /// and the signature algorithms: a list would switch off what newer versions add.
  static let suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
  /// The numbers of these suites.
  static let suiteNumbers: Set<UInt16> = [0xC02B, 0xC02F, 0xC02C, 0xC030]
  /// The application protocol of DICOM (ALPN).
  static let applicationProtocol: StaticString = "dicom"
  /// The largest size of the certificates that a peer may send, in bytes.
  public static let longestChain = 32 << 10
  /// The largest size of the names of CAs that a server says it accepts, in bytes; with more, it names none.
  static let longestNames = 16 << 10

  // Safe because it is written only while the context is made, and OpenSSL counts references atomically.
  nonisolated(unsafe) let pointer: OpaquePointer
  /// Our certificates, our own first; empty at a client without one.
  public let chain: [CertificateFacts]
  /// The SHA-256 hashes of the certificates of single devices.
  let deviceFingerprints: Set<[UInt8]>
  /// The subjects of these certificates.
  let deviceSubjects: Set<String>
  /// What to ask of a client; `nil` at a client.
  let clientCertificate: ContextFiles.ClientCertificate?

  private init(
    _ builder: borrowing ContextBuilder, _ clientCertificate: ContextFiles.ClientCertificate?
  ) {
    // Safe because this is one more reference.
    unsafe SSL_CTX_up_ref(builder.pointer)
    unsafe pointer = builder.pointer
    chain = builder.chain
    deviceFingerprints = builder.deviceFingerprints
    deviceSubjects = builder.deviceSubjects
    self.clientCertificate = clientCertificate
  }

  deinit {
    // Safe because sessions have references of their own.
    unsafe SSL_CTX_free(pointer)
  }

  /// Why there is no context.
  public struct Failure: Error, Equatable, Sendable {
    /// The problems with the files, each with its setting.
    public let problems: [FileProblem]
  }

  /// The context of a server with `files`.
  public static func server(_ files: ContextFiles) throws(Failure) -> Context {
    var builder = try ContextBuilder(isServer: true, files)
    builder.readOwnCertificate(files)
    if files.clientCertificate != .no { builder.readTrusted(files) }
    try builder.finish()
    // Safe because the builder's context is valid, and both callbacks live as long as the program.
    let mode: Int32 =
      switch files.clientCertificate {
      case .require: SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
      case .request: SSL_VERIFY_PEER
      case .no: SSL_VERIFY_NONE
      }
    unsafe SessionState.verifyCertificates(in: builder.pointer, mode)
    unsafe SessionState.readHellos(in: builder.pointer)
    unsafe co_select_protocol(
      builder.pointer,
      UnsafeRawPointer(applicationProtocol.utf8Start).assumingMemoryBound(to: CChar.self))
    return Context(builder, files.clientCertificate)
  }

  /// The context of a client with `files`. Without CA certificates and an expected certificate, it trusts
  /// the CAs of the system.
  public static func client(_ files: ContextFiles) throws(Failure) -> Context {
    var builder = try ContextBuilder(isServer: false, files)
    if files.certificate != nil { builder.readOwnCertificate(files) }
    builder.readTrusted(files)
    builder.readExpected(files)
    try builder.finish()
    // Safe because the builder's context is valid, and the protocols are copied.
    if files.caCertificates == nil, files.expectedCertificate == nil {
      unsafe SSL_CTX_set_default_verify_paths(builder.pointer)
    }
    unsafe SessionState.verifyCertificates(in: builder.pointer, SSL_VERIFY_PEER)
    let protocols: [UInt8] =
      [UInt8(applicationProtocol.utf8CodeUnitCount)] + Array(applicationProtocol.description.utf8)
    unsafe SSL_CTX_set_alpn_protos(builder.pointer, protocols, UInt32(protocols.count))
    return Context(builder, nil)
  }

  /// What deserves a warning about our certificate at `now`, in seconds since 1970.
  public func remarks(at now: Int64) -> [CertificateRemark] {
    guard let own = chain.first else { return [] }
    var remarks: [CertificateRemark] = []
    if let remark = own.remark(at: now) { remarks.append(remark) }
    if own.notBefore > now { remarks.append(.notYetValid) }
    let isOfServer = clientCertificate != nil
    if isOfServer ? !own.isForServers : !own.isForClients { remarks.append(.wrongPurpose) }
    // The root itself need not be sent.
    if chain.count == 1, !own.isSelfSigned, !isIssuedByTrustedRoot {
      remarks.append(.incompleteChain)
    }
    return remarks
  }

  /// Whether the issuer of our only certificate is a root among the trusted CAs.
  private var isIssuedByTrustedRoot: Bool {
    // Safe because the context and its store are valid.
    guard let own = unsafe SSL_CTX_get0_certificate(pointer) else { return false }
    guard let store = unsafe SSL_CTX_get_cert_store(pointer) else { return false }
    guard let search = unsafe X509_STORE_CTX_new() else { return false }
    defer { unsafe X509_STORE_CTX_free(search) }
    guard unsafe X509_STORE_CTX_init(search, store, own, nil) == 1 else { return false }
    var issuer: OpaquePointer?
    guard unsafe X509_STORE_CTX_get1_issuer(&issuer, search, own) == 1 else { return false }
    defer { unsafe X509_free(issuer) }
    return unsafe X509_self_signed(issuer, 0) == 1
  }
}
