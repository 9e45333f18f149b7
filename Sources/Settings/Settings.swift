public import Linux
public import UpperLayer

/// Everything that can be set, with the defaults of a daemon that nobody configured.
///
/// A property is named after its key: `acseTimeout` is `acse-timeout` on the command line, in the
/// file and in the manual.
public struct Settings: Equatable, Sendable {
  /// What is written to the log.
  public var logLevel = LogLevel.auto
  /// Where the log goes.
  public var logTarget = LogTarget.auto
  /// Whether records have the bytes of what was refused.
  public var logPdus = true
  /// The user to become once it listens, when it is started as root; nobody else when nil.
  public var user: String?
  /// Whether its memory may be written to a file when it crashes.
  public var coreDumps = false
  /// TCP ports to listen on; each address is combined with each port.
  public var port: [UInt16] = [11112]
  /// Addresses to listen on; all, IPv6 and IPv4, when there is none.
  public var bindAddress: [String] = []
  /// The AE title of this acceptor.
  public var aeTitle = AETitle(literal: "ECHOSCP")
  /// The ARTIM timer in milliseconds; 0 waits for ever.
  public var acseTimeout: UInt32 = 30_000
  /// From the first fragment of a message to its last, in milliseconds; 0 waits for ever.
  public var dimseTimeout: UInt32 = 30_000
  /// An association without a byte, and a send that is not taken, in milliseconds; 0 waits for ever.
  public var networkTimeout: UInt32 = 30_000
  /// The PDU-length field of the P-DATA-TF PDUs that are taken, in bytes; 0 is no limit.
  public var maxPdu: UInt32 = 16382
  /// How many threads serve connections; as many as there are usable CPUs, at most 4, when nil.
  public var workers: Int?
  /// How long a stop waits for associations, in milliseconds.
  public var drainTimeout: UInt32 = 5_000
  /// Which transfer syntax is accepted when there is a choice.
  public var prefer = TransferSyntaxPreference.none
  /// Whether a requestor must call this acceptor by its AE title.
  public var requireCalledAeTitle = false
  /// The calling AE titles that are accepted; all when there is none.
  public var allowCallingAeTitles: [AETitlePattern] = []
  /// The addresses that may connect; all when there is none.
  public var allowAddresses: [AddressRange] = []
  /// The addresses that may not connect, even if they are among those that may.
  public var denyAddresses: [AddressRange] = []
  /// The devices that have a section of their own, by whose AE title nobody else may call.
  public var devices: [Device] = []
  /// How many associations there may be at once; from the descriptor limit when nil.
  public var maxAssociations: Int?
  /// How many associations there may be at once with one address; 0 is any number.
  public var maxAssociationsPerAddress = 0
  /// How many connections without an association there may be at once; a quarter of what the descriptor
  /// limit has room for when nil.
  public var maxPending: Int?
  /// How many of these one address may have; 0 is any number.
  public var maxPendingPerAddress = 0
  /// How many connections one address may make in a second; 0 is any number.
  public var maxConnectionRate = 0
  /// The memory for partial PDUs and for answers that are not taken, in the whole process, in bytes.
  public var partialPduMemory = 32 << 20
  /// How many PDUs of one peer are served before the others have their turn.
  public var maxPdusPerWakeup = 1024
  /// How many bytes of one peer are taken before the others have their turn.
  public var maxBytesPerWakeup = 64 << 10
  /// How many bytes of answers a peer may leave unread before it is not listened to any more.
  public var maxUnread = 16 << 10

  /// The defaults.
  public init() {}
}
