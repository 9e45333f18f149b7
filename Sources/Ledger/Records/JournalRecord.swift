import ByteCoding
import Linux
public import Log

/// One record of echoscpd as it stands in a journal: the facts of its fields (systemd.journal-fields(7)).
///
/// A journal can come from anywhere, so every text is bounded, and escaped where it could control a terminal.
public struct JournalRecord: Sendable {
  /// The longest text of a field that is kept, in bytes; the evidence may be ``longestEvidence``.
  static let longestText = 4 << 10
  /// The longest word that is kept, in bytes: more than an AE title, an address or a cause may have.
  static let longestWord = 256
  /// The longest evidence that is kept, in hexadecimal digits: that of a request of 16 KiB.
  static let longestEvidence = 2 * RefusedPDU.longestRequest

  /// When journald received the record, in microseconds since 1970, UTC.
  public var time: UInt64
  /// The kind of record; `nil` if this version does not know its number.
  public private(set) var catalogID: CatalogID?
  /// The priority, 0 (worst) to 7.
  public private(set) var priority: UInt8 = 6
  /// The first line of the sentence.
  public private(set) var message = ""
  /// The calling AE title; `nil` if the record has none.
  public private(set) var callingAE: String?
  /// The called AE title.
  public private(set) var calledAE: String?
  /// The address of the device; `nil` if the record is not about one.
  public private(set) var address: String?
  /// The implementation class UID and version name of the device.
  public private(set) var implementation: String?
  /// The product of the device.
  public private(set) var product: String?
  /// The number of the association.
  public private(set) var association: String?
  /// The version of TLS; `nil` without TLS.
  public private(set) var tlsVersion: String?
  /// The PDU that rejected or aborted the association.
  public private(set) var reason: String?
  /// The word for the cause of a failure.
  public private(set) var cause: String?
  /// The words for tolerated deviations.
  public private(set) var notes: [String] = []
  /// The number of echoes answered; `nil` if the record does not end an association.
  public private(set) var echoes: UInt64?
  /// The duration of the association, in milliseconds.
  public private(set) var duration: UInt64?
  /// The number of records that this one stands for; `nil` if it stands only for itself.
  public private(set) var repeated: UInt64?
  /// The number of addresses that the record sums up; `nil` if it is not a sum over addresses.
  public private(set) var addresses: UInt64?
  /// The refused bytes in hexadecimal digits; only if the reader asks for them.
  public private(set) var evidence: String?
  /// The facts of a record about a start or a reload of the service.
  public private(set) var service = ServiceFields()

  private let withEvidence: Bool

  /// A record without fields, made at `time`, in microseconds since 1970.
  ///
  /// - Parameter withEvidence: Whether to keep the refused bytes.
  public init(time: UInt64, withEvidence: Bool = false) {
    self.time = time
    self.withEvidence = withEvidence
  }

  /// Takes in one field as the journal returns it, `NAME=value`. Fields that are unknown, empty or not well-formed are
  /// ignored. Of two fields with the same name the last one counts, unless they are a list.
  public mutating func add(_ field: Span<UInt8>) {
    // Fields of journald itself, half of a record, begin with an underscore.
    guard field.count > 0, field[0] != UInt8(ascii: "_"), let end = Self.endOfName(field),
      end + 1 < field.count, let name = Self.names[Self.hash(field.extracting(..<end))],
      Self.isEqual(field.extracting(..<end), name.rawValue)
    else { return }
    set(name, field.extracting(droppingFirst: end + 1))
  }

  private mutating func set(_ field: JournalField, _ value: Span<UInt8>) {
    switch field {
    case .message: message = Self.firstLine(value)
    case .priority: priority = Self.number(value).flatMap { $0 < 8 ? UInt8($0) : nil } ?? priority
    case .messageID: catalogID = Self.catalogID(value)
    case .callingAE: callingAE = Self.word(value)
    case .calledAE: calledAE = Self.word(value)
    case .peerAddress: address = Self.word(value)
    case .peerImplementation: implementation = Self.text(value)
    case .peerProduct: product = Self.text(value)
    case .association: association = Self.word(value)
    case .tlsVersion: tlsVersion = Self.word(value)
    case .reason: reason = Self.word(value)
    case .cause: cause = Self.word(value)
    case .notes: Self.append(value, to: &notes)
    case .echoes: echoes = Self.number(value)
    case .duration: duration = Self.number(value)
    case .repeated: repeated = Self.number(value)
    case .addresses: addresses = Self.number(value)
    case .pdu:
      if withEvidence { evidence = Self.text(value, atMost: Self.longestEvidence) }
    case .version: service.version = Self.word(value)
    case .logLevel: service.logLevel = Self.word(value)
    case .aeTitle: service.aeTitle = Self.word(value)
    case .listeners: Self.append(value, to: &service.listeners)
    case .tlsListeners: Self.append(value, to: &service.tlsListeners)
    case .proxyListeners: Self.append(value, to: &service.proxyListeners)
    case .sockets: service.arePassed = Self.isEqual(value, "passed")
    case .tlsSubject: service.certificate = Self.text(value)
    case .tlsDays: service.certificateDays = Self.days(value)
    case .identifier, .peerPort, .tlsCipher, .tlsGroup, .tlsALPN, .tlsServerName, .tlsPeerSubject,
      .tlsFingerprint, .proxyAddress, .proxyID, .dicomMessageID, .largest:
      break
    }
  }

  /// The largest number of values of a list that are kept.
  static let mostValues = 64

  private static func append(_ value: Span<UInt8>, to list: inout [String]) {
    if list.count < mostValues { list.append(word(value)) }
  }
}

/// The facts of a record about a start or a reload of the service.
public struct ServiceFields: Sendable, Equatable {
  /// The version of the program.
  public var version: String?
  /// The lowest level that is written.
  public var logLevel: String?
  /// The AE title.
  public var aeTitle: String?
  /// The addresses and ports without TLS.
  public var listeners: [String] = []
  /// The addresses and ports for TLS.
  public var tlsListeners: [String] = []
  /// The addresses and ports for load balancers.
  public var proxyListeners: [String] = []
  /// Whether systemd opened the sockets.
  public var arePassed = false
  /// The subject of the service's certificate.
  public var certificate: String?
  /// The days until it expired or expires, counted at the time of the record.
  public var certificateDays: Int?
}

/// How the bytes of a field become values.
extension JournalRecord {
  /// Each field by the hash of its name, so that most fields need neither a string nor a second look.
  private static let names: [UInt64: JournalField] = Dictionary(
    uniqueKeysWithValues: JournalField.allCases.map { (hash($0.rawValue.utf8.span), $0) })

  /// Each kind of record by its number.
  private static let kinds: [UInt128: CatalogID] = Dictionary(
    uniqueKeysWithValues: CatalogID.allCases.compactMap { id in
      UInt128(id.number, radix: 16).map { ($0, id) }
    })

  /// The longest name of a field (systemd.journal-fields(7)), in bytes.
  private static let longestName = 64

  private static func endOfName(_ field: Span<UInt8>) -> Int? {
    for index in 0..<min(field.count, longestName + 1) where field[index] == UInt8(ascii: "=") {
      return index
    }
    return nil
  }

  private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
    return hash
  }

  private static func isEqual(_ bytes: Span<UInt8>, _ text: String) -> Bool {
    let other = text.utf8.span
    guard bytes.count == other.count else { return false }
    for index in bytes.indices where bytes[index] != other[index] { return false }
    return true
  }

  private static func catalogID(_ value: Span<UInt8>) -> CatalogID? {
    var number: UInt128 = 0
    guard value.count == 32 else { return nil }
    for index in value.indices {
      guard let digit = hexadecimalDigit(value[index]) else { return nil }
      number = number << 4 | UInt128(digit)
    }
    return kinds[number]
  }

  /// The value of a hexadecimal digit, or `nil` if `byte` is not one.
  static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func number(_ value: Span<UInt8>) -> UInt64? {
    guard value.count > 0 else { return nil }
    var number: UInt64 = 0
    for index in value.indices {
      guard (0x30...0x39).contains(value[index]) else { return nil }
      let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, isBeyond) = tenfold.addingReportingOverflow(UInt64(value[index] &- 0x30))
      if isTooLarge || isBeyond { return nil }
      number = sum
    }
    return number
  }

  /// A number of days, with which one can calculate without overflow.
  private static func days(_ value: Span<UInt8>) -> Int? {
    guard value.count <= 11 else { return nil }
    return Int32(String(decoding: Escaping.copy(of: value), as: UTF8.self)).map(Int.init)
  }

  private static func firstLine(_ value: Span<UInt8>) -> String {
    let value = value.extracting(first: longestText)
    var end = 0
    while end < value.count, value[end] != UInt8(ascii: "\n") { end += 1 }
    return text(value.extracting(..<end))
  }

  private static func word(_ value: Span<UInt8>) -> String { text(value, atMost: longestWord) }

  /// The text of a value, which is escaped once already if it is echoscpd's own.
  private static func text(_ value: Span<UInt8>, atMost longest: Int = longestText) -> String {
    let shown = value.extracting(first: longest)
    var isPlain = true
    for index in shown.indices where !(0x20...0x7E).contains(shown[index]) { isPlain = false }
    if isPlain, let ascii = try? UTF8Span(validating: shown) { return String(copying: ascii) }
    return Escaping.line(String(decoding: Escaping.copy(of: shown), as: UTF8.self))
  }
}
