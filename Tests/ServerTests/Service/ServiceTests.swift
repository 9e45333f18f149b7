import Glibc
import Linux
import Settings
import Synchronization
import TestKit
import Testing
import UpperLayer

@testable import Log
@testable import Server

/// The service as a whole, with the signals that end it. Each test runs in its own process.
@Suite struct ServiceTests {
  @Test("A signal lets associations finish; all events are recorded in order")
  func wholeLife() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let passed = try serve(level: .debug, in: sentence) { peer, signal in
        pause(milliseconds: 100)
        let client = try Client(to: peer)
        client.send(Wire.associateRequest())
        #expect(client.receivePDU().first == 0x02)
        signal(SIGTERM)
        client.send(Wire.echoRequest(1) + Wire.releaseRequest)
        #expect(client.receivePDU() == echoResponse(1))
        #expect(client.receivePDU() == Wire.releaseReply)
        client.hangUp()
      }
      #expect(passed < 5000 + slack)
    }
    let log = lines(ofStandardError: process?.standardErrorContent).map(withoutPorts)
    let expected = [
      "D: 127.0.0.1:PORT: connected",
      "I: MODALITY1 at 127.0.0.1:PORT: association accepted, 1 presentation context",
      "I: MODALITY1 at 127.0.0.1:PORT: C-ECHO-RQ 1 answered",
      "I: MODALITY1 at 127.0.0.1:PORT: association released",
      "D: MODALITY1 at 127.0.0.1:PORT: connection closed",
      "D: stopped after 1 association and 1 echo",
    ]
    // Records about the service itself come from another thread.
    #expect(log.filter { $0 != listening && $0 != stopping } == expected)
    #expect(log.filter { $0 == listening || $0 == stopping } == [listening, stopping])
  }

  @Test(
    "If a signal comes before the workers start, the service is not announced once it is stopping")
  func signalBeforeTheStart() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      for _ in 0..<20 {
        _ = try serve(level: .debug, in: sentence, pending: SIGTERM) { _, _ in }
      }
    }
    let log = lines(ofStandardError: process?.standardErrorContent).map(withoutPorts)
    #expect(log.count { $0 == "D: stopped after 0 associations and 0 echoes" } == 20)
    for (first, second) in zip(log, log.dropFirst()) where first == stopping {
      #expect(second != listening)
    }
  }

  @Test("At -v, an association with an echo is three lines")
  func wholeLifeAtInfo() async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      _ = try serve(level: .info) { peer, signal in
        let client = try Client(to: peer)
        client.send(Wire.associateRequest() + Wire.echoRequest(1) + Wire.releaseRequest)
        client.shutDownWriting()
        #expect(client.receiveAll().end == .closed)
        signal(SIGINT)
      }
    }
    #expect(
      lines(ofStandardError: process?.standardErrorContent) == [
        "I: Accepting Association", "I: Received Echo Request (MsgID 1)",
        "I: Association Released",
      ])
  }

  @Test("Either signal ends an idle service at once", arguments: [SIGTERM, SIGINT])
  func endsAtOnce(number: Int32) async {
    await #expect(processExitsWith: .success) { [number] in
      let passed = try serve(level: nil) { _, signal in signal(number) }
      #expect(passed < 1000 + slack)
    }
  }

  @Test(
    "A second signal aborts associations at once, and one record gives their number",
    arguments: [SIGTERM, SIGINT])
  func secondSignal(number: Int32) async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      [number] in
      let passed = try serve(level: .warning, in: sentence) { peer, signal in
        let client = try Client(to: peer)
        client.send(Wire.associateRequest() + [4])
        #expect(client.receivePDU().first == 0x02)
        signal(SIGTERM)
        pause(milliseconds: 100)
        signal(number)
        #expect(client.receivePDU() == Wire.abort(0, 0))
        #expect(client.receiveAll().end == .closed)
      }
      #expect(passed < 1000 + slack)
    }
    let warnings = lines(ofStandardError: process?.standardErrorContent).filter {
      $0.hasPrefix("W: ")
    }
    #expect(warnings == ["W: stopped at once: 1 association was aborted"])
  }

  @Test(
    "On a terminal, a health check is shown only at debug, whether closed or reset",
    arguments: [false, true])
  func healthCheck(isReset: Bool) async {
    let process = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      [isReset] in
      _ = try serve(level: .debug, in: sentence) { peer, signal in
        let client = try Client(to: peer)
        if isReset { client.reset() } else { client.hangUp() }
        pause(milliseconds: 100)
        signal(SIGTERM)
      }
    }
    let log = lines(ofStandardError: process?.standardErrorContent).map(withoutPorts)
    #expect(
      log.contains("D: 127.0.0.1:PORT: connected and closed without data: a health check"))
    #expect(log.allSatisfy { $0.hasPrefix("D: ") })
  }

  @Test(
    "There are as many workers as configured, or else one per CPU and at most four",
    arguments: [(1, 1), (64, 64), (nil, nil)] as [(Int?, Int?)])
  func workerCount(wanted: Int?, expected: Int?) {
    var settings = Settings()
    settings.workers = wanted
    let count = Service.workerCount(settings)
    #expect(expected.map { count == $0 } ?? (1...4).contains(count))
  }

  @Test("The soft descriptor limit is raised to the hard one")
  func descriptorLimit() async {
    await #expect(processExitsWith: .success) {
      let hard = DescriptorLimit.current.hard
      DescriptorLimit(soft: 100, hard: hard).set()
      #expect(DescriptorLimit.current == DescriptorLimit(soft: 100, hard: hard))
      let raised = try Process.raiseDescriptorLimit()
      #expect(raised == hard)
      #expect(DescriptorLimit.current == DescriptorLimit(soft: hard, hard: hard))
    }
  }
}

private let listening = "D: listening on 127.0.0.1:PORT"
private let stopping = "D: stopping: no new connections; open associations may finish"

/// The priority and sentence of any record; the terminal shows only some of them.
@Sendable private func sentence(_ record: Record) -> String {
  "\(record.event.priority(in: .terminal).letter): \(Sentence.text(of: record))\n"
}

/// Serves with two workers while `peer` runs on another thread, until the service has ended. Returns the
/// milliseconds since the first signal.
///
/// - Parameters:
///   - lines: Formats records; `nil` for the format of the terminal.
///   - pending: A signal that comes before the workers are started.
private func serve(
  level: Priority?, in lines: (@Sendable (Record) -> String)? = nil, pending: Int32? = nil,
  reread: @escaping @Sendable (Settings) -> ReloadedConfiguration = {
    .good($0, Policy($0), remarks: [])
  },
  _ peer: @escaping @Sendable (NetworkAddress, _ signal: (Int32) -> Void) throws -> Void
) throws -> UInt64 {
  let signals = try Signals()
  // The signals are blocked in this thread, so they have to be sent to it, not to the process.
  let own = pthread_self()
  if let pending { pthread_kill(own, pending) }
  var settings = Settings()
  settings.workers = 2
  let writer = try LogWriter(queueCount: 3, level: level, lines: lines)
  try writer.start()
  let listener = try Listener.onAFreePort()
  let address = listener.address
  let firstSignal = Mutex<Stopwatch?>(nil)
  let thread = try Linux.Thread(name: "peer") {
    do {
      try peer(address) { number in
        firstSignal.withLock { $0 = $0 ?? Stopwatch() }
        pthread_kill(own, number)
      }
    } catch {
      pthread_kill(own, SIGTERM)
      fatalError("\(error)")
    }
  }
  try Service.run(
    settings, Policy(settings), listeners: [listener], signals: signals,
    writer: writer, places: try #require(Places(descriptors: 1000, workers: 2))
  ) {
    reread(settings)
  }
  let passed = firstSignal.withLock { $0?.passed } ?? 0
  #expect(thread.join(milliseconds: 5000))
  writer.stop()
  return passed
}
