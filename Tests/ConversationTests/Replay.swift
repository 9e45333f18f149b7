import TestKit
import UpperLayer
import Verification

/// One conversation with the real acceptor, whose bytes arrive in one of several ways.
struct Replay: Sendable {
  /// How the bytes of the peer arrive.
  enum Arrival: Equatable, Sendable, CustomStringConvertible {
    /// One `C:` line at a time.
    case lineByLine
    /// All lines of a turn at once.
    case turnByTurn
    /// All lines of a turn at once, with a reply buffer that one answer fills.
    case crampedTurnByTurn
    /// One byte at a time.
    case byteByByte
    /// All lines of a turn at once, but split before this byte of the conversation.
    case split(Int)

    var description: String {
      switch self {
      case .lineByLine: "line by line"
      case .turnByTurn: "turn by turn"
      case .crampedTurnByTurn: "turn by turn with a small reply buffer"
      case .byteByByte: "byte by byte"
      case .split(let offset): "split at byte \(offset)"
      }
    }
  }

  /// The answer to each turn.
  private(set) var replies: [[UInt8]] = []
  /// Whether the acceptor wanted the transport connection closed after each turn.
  private(set) var closes: [Bool] = []
  /// The host, which has recorded the events.
  private(set) var witness: Witness

  /// Replays `conversation`.
  init(_ conversation: Conversation, _ arrival: Arrival) {
    let options = conversation.options
    witness = Witness(room: options.room)
    let user = EchoSCP<Witness>(
      aeTitle: .named(options.aeTitle), requiresCalledAETitle: options.requiresCalledAETitle,
      preference: options.preference, maximumLength: options.maximumLength)
    var timeouts = VirtualLoop<Witness>.Timeouts()
    timeouts.acse = options.acseTimeout
    timeouts.dimse = options.dimseTimeout
    timeouts.network = options.networkTimeout
    let isCramped = arrival == .crampedTurnByTurn || arrival == .byteByByte
    var loop = VirtualLoop(
      user: user, host: witness, timeouts: timeouts,
      replyRoom: isCramped ? Connection.replyReserve : 64 << 10)
    var sent = 0
    for turn in conversation.turns {
      var reply: [UInt8] = []
      for step in arrival == .lineByLine ? turn.steps : Self.joined(turn.steps) {
        switch step {
        case .send(let bytes):
          for piece in Self.pieces(of: bytes, sentBefore: sent, arrival) {
            reply += loop.receive(piece)
          }
          sent += bytes.count
        case .close: reply += loop.transportClosed()
        case .pass(let milliseconds): reply += loop.pass(milliseconds: milliseconds)
        case .abort(let reason): reply += loop.abort(because: reason)
        }
      }
      replies.append(reply)
      closes.append(loop.connection.waiting == .nothing)
    }
    witness = loop.host
  }

  private static func joined(_ steps: [Conversation.Step]) -> [Conversation.Step] {
    var joined: [Conversation.Step] = []
    for step in steps {
      if case .send(let more) = step, case .send(let bytes) = joined.last {
        joined[joined.count - 1] = .send(bytes + more)
      } else {
        joined.append(step)
      }
    }
    return joined
  }

  private static func pieces(
    of bytes: [UInt8], sentBefore sent: Int, _ arrival: Arrival
  ) -> [ArraySlice<UInt8>] {
    switch arrival {
    case .lineByLine, .turnByTurn, .crampedTurnByTurn: return [bytes[...]]
    case .byteByByte: return bytes.indices.map { bytes[$0...$0] }
    case .split(let offset):
      guard offset > sent, offset < sent + bytes.count else { return [bytes[...]] }
      return [bytes[..<(offset - sent)], bytes[(offset - sent)...]]
    }
  }
}
