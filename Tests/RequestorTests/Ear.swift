import UpperLayer

@testable import Requestor

/// Feeds the bytes of an SCP to an ``AnswerReader``, in whatever pieces, as a requestor does: it
/// presents bytes left over again with the next piece.
struct Ear {
  private var reader = AnswerReader(to: .implicit)
  private var part = AnswerReader.Part()
  private var pending: [UInt8] = []

  /// The number of bytes not yet read.
  var left: Int { pending.count }

  /// Reads the answers that are due from `bytes`, one after the other, up to the first not right.
  mutating func hear(_ bytes: [UInt8], due: AnswerReader.Due...) -> [AnswerReader.Answer] {
    pending += bytes
    var answers: [AnswerReader.Answer] = []
    var offset = 0
    for due in due {
      let answer = reader.next(pending, pending.count, at: &offset, due: due, &part)
      answers.append(answer)
      if answer != .right { break }
    }
    pending.removeFirst(offset)
    return answers
  }

  /// Reads the answer that is due from `bytes`, one byte at a time.
  mutating func hear(oneByOne bytes: [UInt8], due: AnswerReader.Due) -> AnswerReader.Answer {
    for byte in bytes.dropLast() {
      let answer = hear([byte], due: due)
      guard answer == [.incomplete] else { return answer[0] }
    }
    return hear(Array(bytes.suffix(1)), due: due)[0]
  }
}

extension EchoSCU {
  /// The events for `bytes`, received at once.
  mutating func hear(_ bytes: [UInt8]) -> [Event] { receive(bytes.span) }
}

extension EchoProposal {
  /// A proposal of Implicit VR Little Endian only.
  static let implicit = EchoProposal(
    called: AETitle("ECHOSCP")!, calling: AETitle("MODALITY1")!,
    transferSyntaxes: [.implicitVRLittleEndian], maximumLength: 16382,
    implementation: ImplementationItems(classUID: "1.2.3.4", versionName: "REQUESTOR_1"))
}

/// The answer in `bytes`, the first ones received, where `due` is due.
func answer(_ bytes: [UInt8], due: AnswerReader.Due) -> AnswerReader.Answer {
  var ear = Ear()
  return ear.hear(bytes, due: due)[0]
}
