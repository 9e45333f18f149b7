import TestKit
import Testing
import UpperLayer

@testable import Log

/// The parts of refused bytes that are shown.
@Suite struct RefusedPDUTests {
  private static let secret = Array("S3CRET".utf8)

  private static func shown(_ bytes: [UInt8], _ kind: Kind) -> [UInt8] {
    RefusedPDU(bytes.span, kind.of(bytes)).evidence
  }

  /// The kinds of refused bytes; a request is complete.
  enum Kind: CaseIterable {
    case request
    case command
    case foreign

    func of(_ bytes: [UInt8]) -> RefusedBytes {
      switch self {
      case .request: .brokenRequest(length: UInt32(bytes.count))
      case .command: .command
      case .foreign: .foreign(.other)
      }
    }
  }

  private static func item(_ type: UInt8, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
    let length = length ?? value.count
    return [type, 0, UInt8(length >> 8), UInt8(length & 0xFF)] + value
  }

  private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard bytes.count >= part.count else { return false }
    return (0...bytes.count - part.count).contains { bytes[$0...].starts(with: part) }
  }

  private static let identity = item(0x58, [2, 1, 0, 6] + secret + [0, 6] + secret)

  private static func request(_ items: [UInt8]) -> [UInt8] {
    Array(Wire.associateRequest(contexts: []).dropFirst(6).prefix(68)) + items
  }

  @Test("A request is shown as received, with its header, except for its user identity")
  func request() {
    let plain = Self.request(
      Self.item(0x10, Array("1.2.840.10008.3.1.1.1".utf8))
        + Self.item(
          0x20,
          [1, 0, 0, 0] + Self.item(0x30, Array("1.2.840.10008.1.1".utf8))
            + Self.item(0x40, Array("1.2.840.10008.1.2".utf8))))
    let user =
      Self.item(0x51, [0, 0, 64, 0]) + Self.item(0x52, Array("1.2.3".utf8))
      + Self.item(0x55, Array("CT v1".utf8))
    let open = plain + Self.item(0x50, user)
    let header = [1, 0, 0, 0, 0, UInt8(open.count)]
    #expect(Self.shown(open, .request) == header + open)
    let shown = Self.shown(plain + Self.item(0x50, user + Self.identity), .request)
    let blanked = Self.item(0x58, [UInt8](repeating: 0, count: Self.identity.count - 4))
    #expect(Array(shown.dropFirst(6)) == plain + Self.item(0x50, user + blanked))
  }

  @Test("Whatever false lengths a request has, no byte of a user identity is shown")
  func lies() {
    var random = Random(seed: 7)
    for _ in 0..<20_000 {
      var lying = Self.request(
        Self.item(0x10, Array("1.2.840".utf8))
          + Self.item(0x20, [1, 0, 0, 0] + Self.item(0x30, Array("1.2".utf8)))
          + Self.item(
            0x50,
            Self.item(0x51, [0, 0, 64, 0]) + Self.item(0x52, Array("1.2.3".utf8)) + Self.identity
              + Self.item(0x55, Array("CT".utf8))))
      for _ in 0...random.next(below: 3) {
        // A place before the secret.
        let place = 68 + random.next(below: 48)
        lying[place] = UInt8(random.next(below: 256))
      }
      #expect(!Self.contains(Self.shown(lying, .request), Self.secret))
    }
  }

  @Test("Whichever length is wrong, not even a piece of a secret is shown")
  func pieces() {
    let pieces = (0..<4).map { Array(Self.secret[$0..<$0 + 3]) }
    func hasPiece(_ shown: [UInt8]) -> Bool { pieces.contains { Self.contains(shown, $0) } }
    let request = Self.request(
      Self.item(0x10, Array("1.2.840".utf8))
        + Self.item(
          0x50,
          Self.item(0x51, [0, 0, 64, 0]) + Self.identity + Self.item(0x52, Array("1.2.3".utf8))))
    let command: [UInt8] =
      [0, 0, 0x10, 1, 2, 0, 0, 0, 1, 0] + [0, 0, 2, 9, 6, 0, 0, 0] + Self.secret
    for value in 0..<256 {
      for place in 68..<request.count {
        var lying = request
        lying[place] = UInt8(value)
        #expect(!hasPiece(Self.shown(lying, .request)), "\(value) at \(place)")
      }
      for place in 0..<18 {
        var lying = command
        lying[place] = UInt8(value)
        #expect(!hasPiece(Self.shown(lying, .command)), "\(value) at \(place)")
      }
    }
  }

  @Test("Any bytes of any length are handled", arguments: Kind.allCases)
  func anything(kind: Kind) {
    var random = Random(seed: 11)
    for number in 0..<5000 {
      var bytes = number % 2 == 0 ? [] : Self.request(Self.item(0x50, Self.identity))
      bytes += (0..<random.next(below: 200)).map { _ in UInt8(random.next(below: 256)) }
      bytes = Array(bytes.prefix(random.next(below: bytes.count + 1)))
      let header = kind == .request ? 6 : 0
      #expect(Self.shown(bytes, kind).count <= bytes.count + header)
    }
  }

  @Test("No more is kept than the limit, and the length is the original one")
  func bound() {
    let long = Self.request([UInt8](repeating: 0x31, count: 100_000))
    let shown = Self.shown(long, .request)
    #expect(shown.count == RefusedPDU.longestRequest)
    #expect(Array(shown[2..<6]) == [0, 1, 0x86, 0xE4])
    #expect(Self.shown(long, .command).count == RefusedPDU.longestCommand)
    #expect(Self.shown(long, .foreign).count == RefusedPDU.longestForeign)
  }

  @Test("A command set shows its numbers and UIDs, and nothing of a data set")
  func command() {
    func element(_ group: UInt8, _ number: UInt16, _ value: [UInt8]) -> [UInt8] {
      [group, 0, UInt8(number & 0xFF), UInt8(number >> 8), UInt8(value.count), 0, 0, 0] + value
    }
    let command =
      element(0, 0x02, Array("1.2.840.10008.1.1\0".utf8)) + element(0, 0x0100, [0x30, 0])
    #expect(Self.shown(command, .command) == command)
    let named = command + element(0, 0x30, Self.secret) + element(8, 0x10, Self.secret)
    let shown = Self.shown(named, .command)
    #expect(shown.starts(with: command) && !Self.contains(shown, Self.secret))
    #expect(shown.count == named.count)
    // A data set in place of the command set.
    let dataSet = element(0x10, 0x10, Self.secret)
    #expect(Self.shown(dataSet, .command) == [UInt8](repeating: 0, count: dataSet.count))
  }

  @Test("A partial request is shown with the length from its header")
  func part() {
    let came = Array(Self.request([]).prefix(40))
    let refused = RefusedPDU(came.span, .brokenRequest(length: 205))
    #expect(refused.evidence.starts(with: [1, 0, 0, 0, 0, 205] + came[..<36]))
    #expect(refused.evidence.count == 46)
    #expect(refused.dump.first == "A-ASSOCIATE-RQ, 46 of 211 bytes:")
    #expect(refused.dump.count == 4)
  }

  @Test("A well-formed request is evidence too, but not dumped, since it is listed")
  func read() {
    let body = Self.request([])
    let refused = RefusedPDU(body.span, .request)
    #expect(refused.evidence.starts(with: [1, 0, 0, 0, 0, 68]))
    #expect(refused.dump.isEmpty)
  }

  @Test("A dump has sixteen bytes of the evidence per line")
  func dump() {
    let bytes = (0..<18).map { UInt8($0 + 0x41) }
    #expect(
      RefusedPDU(bytes.span, .foreign(.other)).dump == [
        "First 16 bytes:", "  41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50",
      ])
    let command: [UInt8] = [0, 0, 0, 1, 2, 0, 0, 0, 0x30, 0]
    #expect(
      RefusedPDU(command.span, .command).dump == [
        "Command set, 10 bytes:", "  00 00 00 01 02 00 00 00 30 00",
      ])
  }
}
