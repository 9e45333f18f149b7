import TestKit
import Testing

@testable import ProxyProtocol

/// What holds for both versions of the protocol.
@Suite struct ProxyHeaderTests {
  @Test(arguments: Sample.all)
  func everyProperPrefixIsIncomplete(_ bytes: [UInt8]) throws {
    for count in 0..<bytes.count {
      #expect(read(Array(bytes[..<count])) == .incomplete, "\(count) bytes")
    }
    _ = try header(bytes)
  }

  @Test(arguments: Sample.all)
  func whatFollowsIsNotPartOfTheHeader(_ bytes: [UInt8]) throws {
    let alone = read(bytes)
    #expect(alone == .header(try header(bytes)))
    for rest in [[0], Array("\r\n".utf8), bytes, [UInt8](repeating: 1, count: 2000)] {
      #expect(read(bytes + rest) == alone)
    }
  }

  @Test func nothingIsIncomplete() {
    #expect(read([]) == .incomplete)
    #expect(!begins([]))
  }

  @Test func otherBytesAreFoundInTheFirstThatDiffers() {
    for signature in [Array("PROXY ".utf8), ProxyWire.signature] {
      for index in signature.indices {
        let good = Array(signature[...index])
        #expect(read(good) == .incomplete, "\(good)")
        #expect(begins(good) == (index == signature.count - 1))
        for byte in 0...UInt8.max where !"P\r".utf8.contains(byte) && byte != signature[index] {
          let bad = Array(signature[..<index]) + [byte]
          #expect(read(bad) == .fault(.notAHeader), "\(bad)")
          #expect(!begins(bad))
        }
      }
    }
  }

  /// An A-ASSOCIATE-RQ, a TLS ClientHello, HTTP, and what resembles a signature.
  @Test(arguments: [
    [1, 0, 0, 0, 0, 0xCD], [0x16, 3, 1], Array("GET / HTTP/1.1\r\n".utf8),
    Array("proxy TCP4 1.1.1.1 1.1.1.1 1 1\r\n".utf8), Array("PROXY\tTCP4".utf8),
    Array("POST ".utf8), Array("\r\n\r\n\r\n".utf8), Array("\n".utf8),
  ])
  func anotherProtocolIsNotAHeader(_ bytes: [UInt8]) {
    #expect(read(bytes) == .fault(.notAHeader))
    #expect(!begins(bytes))
  }

  @Test(arguments: Sample.all)
  func aSecondHeaderIsRecognizedBehindTheFirst(_ bytes: [UInt8]) throws {
    for second in Sample.all {
      let both = bytes + second
      let size = try header(bytes).size
      #expect(begins(Array(both[size...])))
    }
  }

  @Test func endpointsDifferInAddressOrPort() {
    let endpoint = ProxyEndpoint(192, 0, 2, 1, port: 104)
    #expect(endpoint == ProxyEndpoint(ipv4: 0xC000_0201, port: 104))
    #expect(endpoint != ProxyEndpoint(192, 0, 2, 1, port: 105))
    for index in 0..<16 {
      var address = endpoint.address
      address[index] ^= 1
      #expect(endpoint != ProxyEndpoint(address: address, port: 104))
    }
  }
}
