import Glibc
import TestKit
import Testing

@testable import Linux

/// A connected socket: the results of receiving and sending.
@Suite struct TCPSocketTests {
  @Test("A receive distinguishes bytes, no input, the end and a broken connection")
  func receive() throws {
    let listener = try Listener.onAFreePort()
    let client = try Client(to: listener.address)
    let socket = TCPSocket(owning: try Listener.accept(at: listener.number).number)
    #expect(received(by: socket) == .nothing)
    client.send([1, 2, 3])
    #expect(eventually { received(by: socket) == .bytes(3) })
    client.send(.init(repeating: 0, count: 100))
    #expect(eventually { received(by: socket) == .bytes(64) })
    #expect(eventually { received(by: socket) == .bytes(36) })
    client.shutDownWriting()
    #expect(eventually { received(by: socket) == .end })
    #expect(received(by: socket) == .end)
    let rude = try Client(to: listener.address)
    let broken = TCPSocket(owning: try Listener.accept(at: listener.number).number)
    rude.reset()
    #expect(eventually { received(by: broken) == .failed(ECONNRESET) })
  }

  @Test("A send takes what fits, then nothing, and fails once the connection is broken")
  func send() throws {
    let listener = try Listener.onAFreePort()
    let client = try Client(to: listener.address, isNarrow: true)
    var socket = TCPSocket(owning: try Listener.accept(at: listener.number).number)
    let bytes = [UInt8](repeating: 7, count: 1 << 20)
    var sent = 0
    while case .bytes(let size) = socket.send(bytes.span), size > 0 { sent += size }
    let more = socket.send(bytes.span)
    #expect(sent > 0 && more == .bytes(0))
    client.reset()
    #expect(eventually { socket.send(bytes.span) == .failed(EPIPE) })
  }

  @Test("A requestor's socket connects, or reports an errno where nothing listens")
  func connect() throws {
    let listener = try Listener.onAFreePort()
    var socket = try TCPSocket(connectingTo: listener.address)
    let outcome = socket.waitConnected(milliseconds: 1000)
    let sent = socket.send([1, 2].span)
    #expect(outcome == 0 && sent == .bytes(2))
    let accepted = TCPSocket(owning: try Listener.accept(at: listener.number).number)
    #expect(eventually { received(by: accepted) == .bytes(2) })
    let address = listener.address
    listener.stop()
    let refused = try TCPSocket(connectingTo: address).waitConnected(milliseconds: 1000)
    #expect(refused == ECONNREFUSED)
  }

  @Test("Bytes sent before a shutdown arrive, and then the end")
  func shutDownWriting() throws {
    let listener = try Listener.onAFreePort()
    let client = try Client(to: listener.address)
    var socket = TCPSocket(owning: try Listener.accept(at: listener.number).number)
    let bytes: [UInt8] = [1, 2, 3]
    let sent = socket.send(bytes.span)
    #expect(sent == .bytes(3))
    socket.shutDownWriting()
    let rest = client.receiveAll()
    #expect(rest.bytes == bytes && rest.end == .closed)
    client.send([4])
    #expect(eventually { received(by: socket) == .bytes(1) })
  }

  private func received(by socket: borrowing TCPSocket) -> TCPSocket.Received {
    var bytes = [UInt8](repeating: 0, count: 64)
    var room = bytes.mutableSpan
    return socket.receive(into: &room)
  }
}
