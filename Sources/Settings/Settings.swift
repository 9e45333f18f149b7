public import Linux
public import UpperLayer

/// The value of every setting; a new instance holds the defaults.
///
/// Each property is named after its key: `acseTimeout` is `acse-timeout` on the command line, in the
/// file and in the manual.
public struct Settings: Equatable, Sendable {
  /// The lowest level that is logged.
  public var logLevel = LogLevel.auto
  /// Where the log goes.
  public var logTarget = LogTarget.auto
  /// Whether records include the bytes of refused requests.
  public var logPdus = true
  /// The user to become after opening the sockets as root; `nil` keeps the user.
  public var user: String?
  /// Whether a crash may write the memory of the process to a file.
  public var coreDumps = false
  /// The TCP ports to listen on; each port is opened on each address.
  public var port: [UInt16] = [11112]
  /// The addresses to listen on; every IPv6 and IPv4 address if empty.
  public var bindAddress: [String] = []
  /// The AE title of this acceptor.
  public var aeTitle = AETitle(literal: "ECHOSCP")
  /// The ARTIM timer in milliseconds; 0 never times out.
  public var acseTimeout: UInt32 = 30_000
  /// The time from the first fragment of a message to its last, in milliseconds; 0 never times out.
  public var dimseTimeout: UInt32 = 30_000
  /// How long an association may be idle or an answer unread, in milliseconds; 0 never times out.
  public var networkTimeout: UInt32 = 30_000
  /// The largest PDU-length of a P-DATA-TF that is accepted, in bytes; 0 is no limit.
  public var maxPdu: UInt32 = 16382
  /// The number of threads that serve connections; `nil` is one per usable CPU, at most 4.
  public var workers: Int?
  /// How long a stop waits for associations to end, in milliseconds.
  public var drainTimeout: UInt32 = 5_000
  /// Which transfer syntax is accepted if a requestor proposes several.
  public var prefer = TransferSyntaxPreference.none
  /// Whether a requestor must call this acceptor by ``aeTitle``.
  public var requireCalledAeTitle = false
  /// The calling AE titles that are accepted; every title if empty.
  public var allowCallingAeTitles: [AETitlePattern] = []
  /// The addresses that may connect; every address if empty.
  public var allowAddresses: [AddressRange] = []
  /// The addresses that may not connect, even if ``allowAddresses`` includes them.
  public var denyAddresses: [AddressRange] = []
  /// The devices with a section of their own; nobody else may use their AE titles as calling title.
  public var devices: [Device] = []
  /// The TCP ports for DICOM TLS; each port is opened on each address.
  public var tlsPort: [UInt16] = []
  /// The PEM file with the certificate of this service and those of the CAs above it; `nil` if there is none.
  public var tlsCertificate: String?
  /// The PEM file with the private key for ``tlsCertificate``; `nil` if there is none.
  public var tlsPrivateKey: String?
  /// The file or directory of the CAs whose certificates are trusted; `nil` trusts none.
  public var tlsCaCertificates: String?
  /// The file or directory of the certificates of single devices, which are trusted as well; `nil` if there is
  /// none.
  public var tlsDeviceCertificates: String?
  /// The file or directory of the certificate revocation lists; `nil` checks no revocation.
  public var tlsCrl: String?
  /// Whether clients must have a valid certificate.
  public var tlsClientCertificate = ClientCertificateMode.request
  /// The lowest version of TLS that is accepted.
  public var tlsMinVersion = TLSVersion.v12
  /// The maximum number of associations over TLS at once.
  public var maxTlsAssociations = 2000
  /// The TCP ports for DICOM behind a PROXY header; each port is opened on each address.
  public var proxyPort: [UInt16] = []
  /// The TCP ports for DICOM TLS behind a PROXY header; each port is opened on each address.
  public var tlsProxyPort: [UInt16] = []
  /// The addresses of the proxies whose PROXY headers are trusted; none if empty.
  public var proxyTrusted: [AddressRange] = []
  /// The maximum number of associations at once; `nil` derives it from the file descriptor limit.
  public var maxAssociations: Int?
  /// The maximum number of associations at once with one address; 0 is no limit.
  public var maxAssociationsPerAddress = 0
  /// The maximum number of connections without an association; `nil` is a quarter of the connections that
  /// the file descriptor limit leaves room for.
  public var maxPending: Int?
  /// The maximum number of connections without an association per address; 0 is no limit.
  public var maxPendingPerAddress = 0
  /// The maximum number of new connections per second and address; 0 is no limit.
  public var maxConnectionRate = 0
  /// The memory for incomplete PDUs in the whole process, in bytes.
  public var partialPduMemory = 32 << 20
  /// The maximum number of PDUs of one peer served before other peers get their turn.
  public var maxPdusPerWakeup = 1024
  /// The maximum number of bytes read from one peer before other peers get their turn.
  public var maxBytesPerWakeup = 64 << 10
  /// How many bytes of answers a peer may leave unread before nothing more is read from it.
  public var maxUnread = 16 << 10

  /// The defaults.
  public init() {}

  /// The TCP ports of the listening sockets of one kind.
  public func ports(of kind: Listener.Kind) -> [UInt16] {
    switch kind {
    case .plain: port
    case .tls: tlsPort
    case .proxy: proxyPort
    case .tlsProxy: tlsProxyPort
    }
  }
}
