import TestKit
import Testing

@testable import Linux

/// Listening sockets, and which peers reach them.
@Suite struct ListenerTests {
  @Test("A listener on one address is reached there, and knows its address")
  func oneAddress() throws {
    let listener = try Listener.onAFreePort()
    #expect(listener.address.address == "127.0.0.1")
    #expect((20_000..<32_000).contains(listener.address.port))
    let client = try Client(to: listener.address)
    let (number, peer) = try Listener.accept(at: listener.number)
    let socket = Descriptor(owning: number)
    #expect(peer.address == "127.0.0.1")
    #expect(peer.port != listener.address.port && peer.port != 0)
    #expect(socket.number >= 0)
    client.hangUp()
  }

  @Test("A listener on every address is reached by IPv4 and by IPv6")
  func everyAddress() throws {
    let (listener, port) = try onEveryAddress()
    #expect(listener.address.port == port)
    for address in ["127.0.0.1", "::1"] where address == "127.0.0.1" || hasIPv6 {
      let client = try Client(to: NetworkAddress(text: address, port: port))
      let (number, peer) = try Listener.accept(at: listener.number)
      _ = Descriptor(owning: number)
      #expect(peer.address == address)
      client.hangUp()
    }
  }

  @Test("A listener on the IPv6 address takes no IPv4 peers", .enabled(if: hasIPv6))
  func onlyIPv6() throws {
    let listener = try Listener.onAFreePort("::")
    #expect(throws: (any Error).self) {
      try Client(to: NetworkAddress(text: "127.0.0.1", port: listener.address.port))
    }
    _ = try Client(to: NetworkAddress(text: "::1", port: listener.address.port))
  }

  @Test("Accepting without a waiting connection throws EAGAIN")
  func nothingWaits() throws {
    let listener = try Listener.onAFreePort()
    #expect(throws: SystemError(call: "accept4", number: 11)) {
      try Listener.accept(at: listener.number)
    }
  }

  @Test("A port in use throws EADDRINUSE")
  func portIsTaken() throws {
    let first = try Listener.onAFreePort()
    let error = #expect(throws: SystemError.self) {
      try Listener(address: "127.0.0.1", port: first.address.port, unread: 16 << 10)
    }
    #expect(error?.known == .addressInUse)
  }

  @Test("A port can be listened on again as soon as its listener is gone, despite old peers")
  func portIsFreeAgain() throws {
    let port: UInt16
    do {
      let listener = try Listener.onAFreePort()
      port = listener.address.port
      let client = try Client(to: listener.address)
      // Our side closes first, so that it is the one in TIME_WAIT.
      _ = Descriptor(owning: try Listener.accept(at: listener.number).number)
      #expect(client.receiveAll().end == .closed)
    }
    _ = try Listener(address: "127.0.0.1", port: port, unread: 16 << 10)
  }

  @Test("An address that this machine does not have, and a text that is not one, are refused")
  func noSuchAddress() {
    let foreign = #expect(throws: SystemError.self) {
      try Listener(address: "192.0.2.1", port: 11112, unread: 16 << 10)
    }
    #expect(foreign?.known == .addressNotAvailable)
    #expect(throws: SystemError(call: "address", number: 22)) {
      try Listener(address: "localhost", port: 11112, unread: 16 << 10)
    }
  }

  @Test("A stopped listener refuses every connection")
  func stops() throws {
    let listener = try Listener.onAFreePort()
    listener.stop()
    #expect(throws: SystemError(call: "connect", number: 111)) {
      try Client(to: listener.address)
    }
    listener.stop()
  }

  private func onEveryAddress() throws(SystemError) -> (Listener, UInt16) {
    while true {
      let port = UInt16.random(in: 20_000..<32_000)
      do throws(SystemError) {
        return (try Listener(everyAddressAt: port, unread: 16 << 10), port)
      } catch {
        if error.known != .addressInUse { throw error }
      }
    }
  }
}

/// Whether this machine has IPv6.
private let hasIPv6 = (try? Listener.onAFreePort("::1")) != nil

extension NetworkAddress {
  /// The address in `text`, which must be valid.
  fileprivate init(text: String, port: UInt16) throws {
    self.init(try #require(try? Listener.onAFreePort(text)).address.bytes, port)
  }

  private init(_ bytes: InlineArray<16, UInt8>, _ port: UInt16) {
    self.init(bytes: bytes, port: port)
  }
}
