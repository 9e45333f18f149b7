import Glibc
import Testing

@testable import Linux

/// Whole files.
@Suite struct FilesTests {
  @Test("A small file is read whole, and a larger one not at all")
  func limit() throws {
    let path = Array("/proc/self/comm".utf8)
    let all = try #require(try Files.content(of: path, limit: 100))
    #expect(!all.isEmpty && all.last == UInt8(ascii: "\n"))
    #expect(try Files.content(of: path, limit: all.count) == all)
    #expect(try Files.content(of: path, limit: all.count - 1) == nil)
  }

  @Test("A missing file and a folder have errors of their own")
  func errors() {
    #expect(throws: SystemError(call: "open", number: 2)) {
      try Files.content(of: Array("/nowhere/at/all".utf8), limit: 100)
    }
    #expect(throws: SystemError(call: "read", number: 21)) {
      try Files.content(of: Array("/proc".utf8), limit: 100)
    }
  }

  @Test("Every name in a folder is listed, however many there are; a missing folder is an error")
  func names() throws {
    let folder = "/tmp/echoscpd-names-\(getpid())"
    // Safe because each call uses the name only until it returns.
    #expect(unsafe mkdir(folder, 0o700) == 0)
    defer { _ = unsafe rmdir(folder) }
    let names = (100..<700).map { "a-file-of-\($0).conf" }
    for name in names { Files.replace(Array("\(folder)/\(name)".utf8), by: [1]) }
    defer { for name in names { Files.remove(Array("\(folder)/\(name)".utf8)) } }
    let listed = try Files.names(in: Array(folder.utf8)).map { String(decoding: $0, as: UTF8.self) }
    #expect(listed.sorted() == names)
    #expect(throws: SystemError(call: "opendir", number: 2)) {
      try Files.names(in: Array("/nowhere/at/all".utf8))
    }
  }
}
