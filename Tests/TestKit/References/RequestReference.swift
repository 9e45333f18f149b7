/// A second reader of an A-ASSOCIATE-RQ, written from PS3.8 §9.3.2 and PS3.7 annex D.3.3 alone, that
/// shares no code with the program. It is slow and plain; both must give the same results.
struct RequestReference {
  /// The error for a malformed request.
  struct Fault: Error {}

  private(set) var version: Int
  private(set) var fields: [UInt8]
  private(set) var applicationContext: [UInt8]?
  private(set) var contexts: [[UInt8]] = []
  private(set) var userInformation: [UInt8]?
  /// The types of the items, in order.
  private(set) var types: [UInt8] = []
  /// The application context name and the abstract and transfer syntaxes, as sent.
  private(set) var uids: [[UInt8]] = []
  private(set) var implementationClassUID: [UInt8] = []
  private(set) var implementationVersionName: [UInt8] = []

  /// Reads the body of the PDU.
  init(_ body: [UInt8]) throws(Fault) {
    guard body.count >= 68 else { throw Fault() }
    version = Int(body[0]) << 8 | Int(body[1])
    fields = Array(body[4..<68])
    do throws(Fault) {
      for (type, value) in try Self.items(body.dropFirst(68)) {
        types.append(type)
        switch type {
        case 0x10:
          applicationContext = applicationContext ?? Array(value)
          uids.append(Array(value))
        case 0x20:
          contexts.append(try Self.context(value))
          let items = try Self.items(value.dropFirst(4))
          uids += items.filter { $0.type == 0x30 || $0.type == 0x40 }.map { Array($0.value) }
        case 0x50:
          let information = try Self.information(value)
          guard userInformation == nil else { break }
          userInformation = information
          let items = try Self.items(value).filter { !$0.value.isEmpty }
          implementationClassUID = items.first { $0.type == 0x52 }.map { Array($0.value) } ?? []
          implementationVersionName = items.first { $0.type == 0x55 }.map { Array($0.value) } ?? []
        default: break
        }
      }
    } catch {
      // In another version only the fixed fields count.
      if version & 1 != 0 { throw error }
    }
  }

  /// The request in canonical form: the known fields, each once, in the order of the standard.
  var canonical: [UInt8] {
    Self.canonical(
      version: version, fields: fields, applicationContext: applicationContext ?? [],
      contexts: contexts, userInformation: userInformation ?? Self.information(0, [], [], []))
  }

  /// The bytes of the canonical form.
  static func canonical(
    version: Int, fields: [UInt8], applicationContext: [UInt8], contexts: [[UInt8]],
    userInformation: [UInt8]
  ) -> [UInt8] {
    Wire.be16(version) + [0, 0] + fields + Wire.item(0x10, applicationContext)
      + contexts.flatMap { $0 } + userInformation
  }

  /// A presentation context in canonical form.
  static func context(
    _ id: UInt8, _ abstractSyntax: [UInt8], _ transferSyntaxes: [[UInt8]]
  ) -> [UInt8] {
    long(
      0x20,
      [id, 0, 0, 0] + long(0x30, abstractSyntax) + transferSyntaxes.flatMap { long(0x40, $0) })
  }

  /// A User Information Item in canonical form.
  static func information(
    _ maximumLength: Int, _ classUID: [UInt8], _ versionName: [UInt8], _ negotiation: [[UInt8]]
  ) -> [UInt8] {
    long(
      0x50,
      long(0x51, Wire.be32(maximumLength)) + long(0x52, classUID) + long(0x55, versionName)
        + negotiation.flatMap { $0 })
  }

  /// An item with a 32-bit length, as a length in canonical form need not fit into 16 bits.
  static func long(_ type: UInt8, _ value: [UInt8]) -> [UInt8] {
    [type] + Wire.be32(value.count) + value
  }

  private static func items(
    _ bytes: ArraySlice<UInt8>
  ) throws(Fault) -> [(type: UInt8, value: ArraySlice<UInt8>)] {
    var items: [(UInt8, ArraySlice<UInt8>)] = []
    var rest = bytes
    while let type = rest.first {
      let header = Array(rest.prefix(4))
      guard header.count == 4 else { throw Fault() }
      let length = Int(header[2]) << 8 | Int(header[3])
      guard rest.count - 4 >= length else { throw Fault() }
      items.append((type, rest.dropFirst(4).prefix(length)))
      rest = rest.dropFirst(4 + length)
    }
    return items
  }

  private static func context(_ value: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
    guard value.count >= 4, let id = value.first else { throw Fault() }
    let items = try items(value.dropFirst(4))
    return context(
      id, items.first { $0.type == 0x30 }.map { Array($0.value) } ?? [],
      items.filter { $0.type == 0x40 }.map { Array($0.value) })
  }

  private static func information(_ value: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
    var maximumLength: Int?
    var classUID: [UInt8] = []
    var versionName: [UInt8] = []
    var negotiation: [[UInt8]] = []
    for (type, value) in try items(value) {
      let bytes = Array(value)
      switch type {
      case 0x51:
        guard bytes.count == 4 else { throw Fault() }
        maximumLength = maximumLength ?? bytes.reduce(0) { $0 << 8 | Int($1) }
      case 0x52: if classUID.isEmpty { classUID = bytes }
      case 0x55: if versionName.isEmpty { versionName = bytes }
      case 0x53:
        guard bytes.count == 4 else { throw Fault() }
        negotiation.append(long(type, bytes))
      case 0x54, 0x56, 0x57, 0x58:
        guard let known = meaning(type, bytes) else { throw Fault() }
        negotiation.append(long(type, known))
      default: break
      }
    }
    return information(maximumLength ?? 0, classUID, versionName, negotiation)
  }

  /// The meaningful part of a sub-item, or `nil` if its lengths do not add up.
  private static func meaning(_ type: UInt8, _ bytes: [UInt8]) -> [UInt8]? {
    /// The end of the field at `start`, which begins with its length, or `nil` if it is cut off.
    func field(_ start: Int) -> Int? {
      guard start + 2 <= bytes.count else { return nil }
      let end = start + 2 + (Int(bytes[start]) << 8 | Int(bytes[start + 1]))
      return end <= bytes.count ? end : nil
    }
    switch type {
    case 0x54:
      guard let end = field(0), bytes.count == end + 2 else { return nil }
      return bytes
    case 0x56: return field(0) == nil ? nil : bytes
    case 0x58:
      guard bytes.count >= 2, let middle = field(2), let end = field(middle), end == bytes.count
      else { return nil }
      return bytes
    default:
      guard let first = field(0), let second = field(first), let third = field(second) else {
        return nil
      }
      var position = second + 2
      while position < third {
        guard let next = field(position), next <= third else { return nil }
        position = next
      }
      return Array(bytes.prefix(third))
    }
  }
}
