import TestKit
import Testing

@testable import Systemd

/// The check whether standard error is the file named in JOURNAL_STREAM.
@Suite struct JournalStreamTests {
  @Test("It is the journal if the environment has exactly its device and inode")
  func standardError() async {
    await #expect(processExitsWith: .success) {
      setJournalStream(nil)
      #expect(!JournalStream.isStandardError)
      let name = try #require(JournalStream.name(of: 2))
      let parts = name.split(separator: ":").compactMap { UInt64($0) }
      #expect(parts.count == 2)
      setJournalStream(name)
      #expect(JournalStream.isStandardError)
      let wrong = [
        "", ":", "\(parts[0])", "\(parts[0]):", ":\(parts[1])", "\(parts[0]):\(parts[1] + 1)",
        "\(parts[0] + 1):\(parts[1])", " \(name)", "\(name)\n", "\(name):0", "0:0",
      ]
      for text in wrong {
        setJournalStream(text)
        #expect(!JournalStream.isStandardError, "\(text)")
      }
    }
  }

  @Test("It is not the journal once it is redirected or closed")
  func redirected() async {
    await #expect(processExitsWith: .success) {
      setJournalStream(JournalStream.name(of: 2))
      let pair = try SocketPair()
      replaceStandardError(by: pair.takeOther())
      #expect(!JournalStream.isStandardError)
      replaceStandardError(by: -1)
      #expect(!JournalStream.isStandardError)
    }
  }
}
