import TestKit
import Testing

@testable import TLS

/// What is read of a ClientHello (RFC 8446 §4.1.2).
@Suite struct ClientHelloTests {
  private static func hello(_ suites: [UInt8] = [], version: UInt16 = 0x0303) -> ClientHello {
    ClientHello(legacyVersion: version, cipherSuites: suites.span)
  }

  private static func read(_ kind: ClientHello.Extension, _ body: [UInt8]) -> ClientHello {
    var hello = hello()
    hello.read(kind, body.span)
    return hello
  }

  // MARK: cipher suites and versions

  @Test func suitesAreReadWithoutSignalsAndGREASE() {
    let suites = HelloMessage.numbers([0x1A1A, 0x1301, 0x00FF, 0xC02B, 0x5600, 0xFAFA, 0x002F])
    #expect(Self.hello(suites).cipherSuites == [0x1301, 0xC02B, 0x002F])
  }

  /// Only the numbers 0x0A0A, 0x1A1A … 0xFAFA are reserved (RFC 8701 §2).
  @Test(arguments: [0x0A1A, 0x1A0A, 0x0A0B, 0x2B2A, 0x0000, 0xAAA9])
  func aNumberLikeGREASEIsKept(_ number: Int) {
    #expect(Self.hello(HelloMessage.numbers([number])).cipherSuites == [UInt16(number)])
  }

  @Test func anOddByteOfSuitesIsIgnored() {
    #expect(Self.hello([0x13, 0x01, 0x13]).cipherSuites == [0x1301])
    #expect(Self.hello([0x13]).cipherSuites == [])
  }

  @Test func suitesOfAnOldHelloHaveThreeBytes() {
    // SSL_CK_RC4_128_WITH_MD5 is one of SSL 2 (RFC 6101 §E.1).
    let suites: [UInt8] = [0, 0xC0, 0x2B, 1, 0, 0x80, 0, 0, 0xFF, 0, 0, 0x2F, 0, 0x13]
    let hello = ClientHello(legacyVersion: 0x0303, oldCipherSuites: suites.span)
    #expect(hello.cipherSuites == [0xC02B, 0x002F] && hello.versions == [0x0303])
    #expect(ClientHello(legacyVersion: 2, oldCipherSuites: [UInt8]().span).cipherSuites == [])
    let many = ClientHello(
      legacyVersion: 0x0303, oldCipherSuites: [UInt8](repeating: 0, count: 3000).span)
    #expect(many.cipherSuites.count == ClientHello.mostEntries)
  }

  @Test func theLegacyVersionCountsWithoutTheExtension() {
    #expect(Self.hello(version: 0x0301).versions == [0x0301])
  }

  @Test func supportedVersionsReplaceTheLegacyVersion() {
    let body = HelloMessage.vector(HelloMessage.numbers([0x3A3A, 0x0304, 0x0303]), 1)
    #expect(Self.read(.supportedVersions, body).versions == [0x0304, 0x0303])
  }

  @Test(arguments: [[], [0], [1, 3], [2, 0x1A, 0x1A]] as [[UInt8]])
  func supportedVersionsWithoutAnyKeepTheLegacyVersion(_ body: [UInt8]) {
    #expect(Self.read(.supportedVersions, body).versions == [0x0303])
  }

  // MARK: server name

  @Test func theServerNameIsReadWithEveryByte() {
    for name in ["a", "archive.hospital.example", "a\0b", "\u{1B}[2J", "ä"] {
      let body = HelloMessage.serverName(Array(name.utf8))
      #expect(Self.read(.serverName, body).serverName == Array(name.utf8))
    }
  }

  @Test func onlyTheFirstServerNameIsRead() {
    let names = [0] + HelloMessage.vector([1, 2]) + [0] + HelloMessage.vector([3])
    #expect(Self.read(.serverName, HelloMessage.vector(names)).serverName == [1, 2])
  }

  @Test func aServerNameOfAnotherTypeIsNotRead() {
    let body = HelloMessage.vector([1] + HelloMessage.vector([0x61]))
    #expect(Self.read(.serverName, body).serverName == nil)
  }

  @Test func aServerNameIsReadAsFarAsItGoes() {
    let body = HelloMessage.serverName(Array("name".utf8))
    for size in 0...body.count {
      let name = Self.read(.serverName, Array(body[..<size])).serverName
      #expect(name == (size <= 5 ? nil : Array("name".utf8.prefix(size - 5))), "\(size) bytes")
    }
  }

  // MARK: lists of numbers

  @Test(arguments: [ClientHello.Extension.supportedGroups, .signatureAlgorithms])
  func numbersAreRead(_ kind: ClientHello.Extension) {
    let body = HelloMessage.vector(HelloMessage.numbers([29, 0x0403, 0x11EC]))
    let hello = Self.read(kind, body)
    let numbers = kind == .supportedGroups ? hello.groups : hello.signatureAlgorithms
    #expect(numbers == [29, 0x0403, 0x11EC])
    #expect((kind == .supportedGroups ? hello.signatureAlgorithms : hello.groups).isEmpty)
  }

  @Test func aListIsReadAsFarAsItGoes() {
    let body = HelloMessage.vector(HelloMessage.numbers([1, 2, 3]))
    for size in 0...body.count {
      let groups = Self.read(.supportedGroups, Array(body[..<size])).groups
      #expect(groups == Array([1, 2, 3].prefix(max(0, size - 2) / 2)), "\(size) bytes")
    }
  }

  @Test func bytesAfterAListAreIgnored() {
    let body = HelloMessage.vector(HelloMessage.numbers([1])) + [0, 2, 0, 3]
    #expect(Self.read(.supportedGroups, body).groups == [1])
  }

  @Test func listsAreBounded() {
    let all = Array(0x4000..<0x5000)
    let bytes = HelloMessage.numbers(all)
    #expect(Self.hello(bytes).cipherSuites.count == ClientHello.mostEntries)
    #expect(
      Self.read(.supportedGroups, HelloMessage.vector(bytes)).groups.count
        == ClientHello.mostEntries)
    #expect(
      Self.read(.signatureAlgorithms, HelloMessage.vector(bytes)).signatureAlgorithms.count
        == ClientHello.mostEntries)
    let names = [[UInt8]](repeating: [1, 2], count: 1000)
    #expect(
      Self.read(.applicationProtocols, HelloMessage.protocols(names)).applicationProtocols?.count
        == ClientHello.mostEntries)
  }

  // MARK: application protocols

  @Test(arguments: [
    (["dicom"], false), (["h2", "http/1.1"], true), (["h2", "dicom"], false), (["DICOM"], true),
    (["dicom "], true), (["dico"], true), ([], true), ([""], true), (["dicom-upload"], true),
  ])
  func applicationProtocolsLackDICOM(_ names: [String], _ lacksDICOM: Bool) {
    let hello = Self.read(
      .applicationProtocols, HelloMessage.protocols(names.map { Array($0.utf8) }))
    #expect(hello.applicationProtocols == names.map { Array($0.utf8) })
    #expect(hello.lacksDICOM == lacksDICOM)
  }

  @Test func noExtensionLacksNothing() {
    #expect(Self.hello().applicationProtocols == nil)
    #expect(!Self.hello().lacksDICOM)
  }

  @Test func protocolsAreReadAsFarAsTheyGo() {
    let body = HelloMessage.protocols([Array("h2".utf8), Array("dicom".utf8)])
    #expect(Self.read(.applicationProtocols, []).applicationProtocols == [])
    #expect(Self.read(.applicationProtocols, Array(body[..<4])).applicationProtocols == [[0x68]])
    #expect(Self.read(.applicationProtocols, Array(body[..<6])).lacksDICOM)
    #expect(Self.read(.applicationProtocols, Array(body.dropLast())).lacksDICOM)
    #expect(!Self.read(.applicationProtocols, body).lacksDICOM)
  }

  // MARK: the rest

  @Test func theAbridgedHelloKeepsWhatRecordsNeed() {
    var hello = Self.hello(HelloMessage.numbers([0x1301]))
    hello.read(.serverName, HelloMessage.serverName([0x61]).span)
    hello.read(.applicationProtocols, HelloMessage.protocols([Array("dicom".utf8)]).span)
    hello.read(.supportedGroups, HelloMessage.vector([0, 29]).span)
    hello.read(.signatureAlgorithms, HelloMessage.vector([4, 3]).span)
    hello.read(.supportedVersions, [2, 3, 4].span)
    let abridged = hello.abridged
    #expect(abridged.cipherSuites.isEmpty && abridged.groups.isEmpty)
    #expect(abridged.signatureAlgorithms.isEmpty && abridged.applicationProtocols == nil)
    #expect(abridged.serverName == [0x61] && abridged.versions == [0x0304])
  }
}
