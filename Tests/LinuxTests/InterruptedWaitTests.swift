import CLinux
import Glibc
import Synchronization
import TestKit
import Testing

@testable import Linux

/// Waits that signals interrupt again and again, each in its own thread.
@Suite struct InterruptedWaitTests {
  /// The kinds of waits, each for something that does not happen, and how long they last.
  enum Wait: CaseIterable {
    case readable
    case writable
    case connected
    case pipe
    case sleep
    case join

    var milliseconds: Int32 { self == .pipe ? 1000 : 200 }
  }

  @Test("No signal postpones the end of a wait or brings it forward", arguments: Wait.allCases)
  func keepsItsEnd(wait: Wait) throws {
    let pair = try SocketPair()
    let other = Descriptor(owning: pair.takeOther())
    while cl_write(other.number, [UInt8](repeating: 0, count: 4096).span) > 0 {}
    let idle = try Thread(name: "idle") { Thread.sleep(milliseconds: 2 * wait.milliseconds) }
    let began = Instant.now.milliseconds
    let interruptions = try Interruptions()
    switch wait {
    case .readable: #expect(cl_wait_readable(other.number, wait.milliseconds) == 0)
    case .writable: #expect(cl_wait_writable(other.number, wait.milliseconds) == 0)
    case .connected: #expect(cl_wait_connected(other.number, wait.milliseconds) == 1)
    case .pipe:
      var bytes = InlineArray<16, UInt8>(repeating: 0)
      var room = bytes.mutableSpan
      #expect(cl_read(other.number, &room) == -Int(ETIMEDOUT))
    case .sleep: Thread.sleep(milliseconds: wait.milliseconds)
    case .join: #expect(!idle.join(milliseconds: wait.milliseconds))
    }
    let passed = Instant.now.milliseconds - began
    interruptions.end()
    #expect(idle.join(milliseconds: 10_000))
    let wanted = UInt64(wait.milliseconds)
    #expect((wanted - 5..<wanted + slack).contains(passed), "\(passed) ms")
  }

  @Test("A signal does not end a wait without a limit either")
  func waitsForEver() throws {
    let wakeup = try Wakeup()
    let interruptions = try Interruptions()
    let writer = try Thread(name: "writer") {
      Thread.sleep(milliseconds: 100)
      wakeup.signal()
    }
    #expect(cl_wait_readable(wakeup.number, -1) == 1)
    interruptions.end()
    #expect(writer.join(milliseconds: 10_000))
  }
}

/// Signals to one thread, with a handler that does nothing: one every few milliseconds, for longer than any
/// wait here may take.
private final class Interruptions: Sendable {
  private final class Flag: Sendable {
    let isOver = Atomic(false)
  }

  private let flag: Flag
  private let thread: Thread

  /// Starts signals to the calling thread, and unblocks them there.
  init() throws {
    signal(SIGUSR2) { _ in }
    Self.change(SIG_UNBLOCK)
    let target = pthread_self()
    let flag = Flag()
    self.flag = flag
    thread = try Thread(name: "signals") {
      let most = Int(3000 + slack) / 15
      for _ in 0..<most where !flag.isOver.load(ordering: .relaxed) {
        pthread_kill(target, SIGUSR2)
        Thread.sleep(milliseconds: 15)
      }
    }
  }

  /// Stops the signals; must be called by the thread that gets them.
  func end() {
    flag.isOver.store(true, ordering: .relaxed)
    _ = thread.join(milliseconds: 10_000)
    Self.change(SIG_BLOCK)
  }

  /// Blocks or unblocks the signal in the calling thread.
  private static func change(_ how: Int32) {
    var signals = sigset_t()
    // Safe because the calls use the set only until they return.
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGUSR2)
    unsafe pthread_sigmask(how, &signals, nil)
  }
}
