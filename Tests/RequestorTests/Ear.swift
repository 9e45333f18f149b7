import UpperLayer

@testable import Requestor

/// Hears what an SCP sends, in whatever pieces, as any requestor does: what is left of a piece
/// is presented again with the next one.
struct Ear {
  private var reader = AnswerReader(to: .implicit)
  private var part = AnswerReader.Part()
  private var pending: [UInt8] = []

  /// How many bytes are left of what was heard.
  var left: Int { pending.count }

  /// What `bytes` come to where answers are due one after the other.
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

  /// What `bytes` come to, heard one by one.
  mutating func hear(oneByOne bytes: [UInt8], due: AnswerReader.Due) -> AnswerReader.Answer {
    for byte in bytes.dropLast() {
      let answer = hear([byte], due: due)
      guard answer == [.incomplete] else { return answer[0] }
    }
    return hear(Array(bytes.suffix(1)), due: due)[0]
  }
}

extension EchoSCU {
  /// What `bytes` come to, given at once.
  mutating func hear(_ bytes: [UInt8]) -> [Event] { receive(bytes.span) }
}

extension EchoProposal {
  /// Implicit VR Little Endian alone.
  static let implicit = EchoProposal(
    called: AETitle("ECHOSCP")!, calling: AETitle("MODALITY1")!,
    transferSyntaxes: [.implicitVRLittleEndian], maximumLength: 16382,
    implementation: ImplementationItems(classUID: "1.2.3.4", versionName: "REQUESTOR_1"))
}

/// What `bytes` come to where `due` is due, and nothing was heard before.
func answer(_ bytes: [UInt8], due: AnswerReader.Due) -> AnswerReader.Answer {
  var ear = Ear()
  return ear.hear(bytes, due: due)[0]
}
