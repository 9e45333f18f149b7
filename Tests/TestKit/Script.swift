public import UpperLayer

/// A conversation encoded as bytes that a fuzzer can mutate: two bytes for the acceptor's options, then
/// steps, each a control byte and its data. Any bytes are a script.
public struct Script: Equatable, Sendable {
  /// An action of the peer, or an event at the acceptor.
  public enum Step: Equatable, Sendable {
    case send([UInt8])
    case artimExpired
    case transportClosed
    case abort(AbortReason)
  }

  /// The acceptor's preference.
  public var preference = TransferSyntaxPreference.none
  /// Whether the acceptor requires its own title as the called AE title.
  public var requiresCalledAETitle = false
  /// Whether the acceptor has room for an association.
  public var hasRoom = true
  /// Whether the reply buffer has the minimum size.
  public var isCramped = false
  /// The maximum length that the acceptor announces.
  public var maximumLength: UInt32 = 16382
  /// The steps, in order.
  public var steps: [Step] = []

  /// The maximum lengths that a script can choose.
  public static let maximumLengths: [UInt32] = [16382, 0, 16, 100]
  /// The acceptor's own reasons to abort that a script can choose.
  public static let abortReasons: [AbortReason] = [
    .draining, .idleAssociation(milliseconds: 60_000), .stalledMessage(milliseconds: 30_000),
    .outOfMemory, .largestPartialPDU(262_144),
    .madeRoom(associations: 100, ofAddress: 90),
  ]
  /// The maximum number of bytes that all steps send together.
  private static let longest = 1 << 18

  /// A script with the default options and no step.
  public init() {}

  /// Decodes `bytes`.
  public init(_ bytes: Span<UInt8>) {
    var reader = ScriptReader(bytes)
    preference = TransferSyntaxPreference.allCases[Int(reader.byte()) % 5]
    let flags = reader.byte()
    requiresCalledAETitle = flags & 1 != 0
    hasRoom = flags & 2 == 0
    isCramped = flags & 4 != 0
    maximumLength = Self.maximumLengths[Int(flags >> 3) % Self.maximumLengths.count]
    var length = 0
    while !reader.isAtEnd {
      let step = reader.step()
      if case .send(let bytes) = step { length += bytes.count }
      guard length <= Self.longest else { break }
      steps.append(step)
    }
  }

  /// The script encoded as bytes, or `nil` if an option or a step cannot be encoded.
  public var bytes: [UInt8]? {
    guard let preference = TransferSyntaxPreference.allCases.firstIndex(of: preference),
      let length = Self.maximumLengths.firstIndex(of: maximumLength)
    else { return nil }
    var bytes = [UInt8(preference), UInt8(length) << 3]
    if requiresCalledAETitle { bytes[1] |= 1 }
    if !hasRoom { bytes[1] |= 2 }
    if isCramped { bytes[1] |= 4 }
    for step in steps {
      switch step {
      case .send(let piece) where piece.count < 256:
        bytes += [0, UInt8(piece.count)] + piece
      case .send(let piece):
        guard piece.count < 0x1_0000 else { return nil }
        bytes += [1] + Wire.be16(piece.count) + piece
      case .artimExpired: bytes.append(2)
      case .transportClosed: bytes.append(3)
      case .abort(let reason):
        guard let index = Self.abortReasons.firstIndex(of: reason) else { return nil }
        bytes += [4, UInt8(index)]
      }
    }
    return bytes
  }
}

/// Reads a script; bytes missing at its end are read as zero.
private struct ScriptReader: ~Escapable {
  private let bytes: Span<UInt8>
  private var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }

  @_lifetime(self: copy self)
  mutating func byte() -> UInt8 {
    guard !isAtEnd else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  @_lifetime(self: copy self)
  mutating func step() -> Script.Step {
    switch byte() % 7 {
    case 0: return .send(take(Int(byte())))
    case 1: return .send(take(Int(byte()) << 8 | Int(byte())))
    case 2: return .artimExpired
    case 3: return .transportClosed
    case 4: return .abort(Script.abortReasons[Int(byte()) % Script.abortReasons.count])
    case 5:
      // More bytes than a fuzzer's input has: up to 64 KiB of the same byte.
      let count = Int(byte()) << 8 | Int(byte())
      return .send([UInt8](repeating: byte(), count: count))
    default: return .send(Self.phrases[Int(byte()) % Self.phrases.count])
    }
  }

  @_lifetime(self: copy self)
  private mutating func take(_ count: Int) -> [UInt8] {
    let count = min(count, bytes.count - position)
    defer { position += count }
    return [UInt8](capacity: count) { output in
      for index in position..<position + count { output.append(bytes[index]) }
    }
  }

  /// Byte sequences that lead a fuzzer quickly to interesting states.
  private static let phrases: [[UInt8]] = {
    let command = Wire.echoCommand(messageID: 258)
    let half = command.count / 4 * 2
    return [
      Wire.associateRequest(), Wire.echoRequest(7), Wire.releaseRequest, Wire.abort(0, 0),
      Wire.associateRequest(user: Wire.userInformation(maximumLength: 8)),
      Wire.data(Wire.pdv(1, 1, Array(command[..<half]))),
      Wire.data(Wire.pdv(1, 3, Array(command[half...]))),
      Wire.data(Wire.pdv(1, 3, command), Wire.pdv(1, 3, command)),
      Wire.associateRequest(user: Wire.userInformation(maximumLength: 0)),
      [4, 0, 0, 0, 0x3F, 0xFE, 0, 0, 0x3F, 0xFA, 1, 1], [4, 0, 0xFF, 0xFF, 0xFF, 0xFF],
      [1, 0, 0, 0xF, 0xFF, 0xFF], [7, 0, 0, 0, 0, 5],
    ]
  }()
}
