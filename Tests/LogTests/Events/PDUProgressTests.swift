import Linux
import Testing

@testable import Log

/// The progress of a request in words.
@Suite struct PDUProgressTests {
  @Test(
    "The received and expected bytes are stated",
    arguments: [
      (1448, 5230, "1,448 of 5,230 bytes"), (999, 1_048_582, "999 of 1,048,582 bytes"),
      (1, 0, "1 byte"), (5, 0, "5 bytes"), (100_000, 1_000_000, "100,000 of 1,000,000 bytes"),
    ] as [(UInt32, UInt32, String)])
  func size(received: UInt32, expected: UInt32, text: String) {
    let progress = progress(received, of: expected)
    #expect(progress.text() == "\(text) of its A-ASSOCIATE-RQ arrived")
    #expect(progress.hint == "")
  }

  @Test("A request that stops after full segments, or arrived out of order, was lost on the way")
  func way() {
    let advice = ": look for an MTU problem in a VPN, a tunnel or a firewall"
    var stopped = progress(1448, of: 5230)
    stopped.path.segment = 1448
    #expect(stopped.hint == "; large packets seem to be lost on the way" + advice)
    var short = progress(100, of: 205)
    short.path.segment = 536
    #expect(short.hint == "")
    // A single segment, as short data written at once always is.
    var alone = progress(600, of: 1006)
    alone.path.segment = 600
    #expect(alone.hint == "")
    var twice = progress(1200, of: 2000)
    twice.path.segment = 600
    #expect(!twice.hint.isEmpty)
    var lost = progress(0, of: 0)
    lost.path.outOfOrder = 1
    lost.path.retransmissions = 2
    #expect(
      lost.hint
        == "; large packets seem to be lost on the way (1 segment arrived out "
        + "of order, 2 segments had to be sent again)" + advice)
  }
}
