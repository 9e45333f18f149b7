import Testing

@testable import Linux

/// Whole files.
@Suite struct FilesTests {
  @Test("A small file is read whole, and one that is larger not at all")
  func limit() throws {
    let path = Array("/proc/self/comm".utf8)
    let all = try #require(try Files.content(of: path, limit: 100))
    #expect(!all.isEmpty && all.last == UInt8(ascii: "\n"))
    #expect(try Files.content(of: path, limit: all.count) == all)
    #expect(try Files.content(of: path, limit: all.count - 1) == nil)
  }

  @Test("Nothing there, or a folder, is an error that says so")
  func errors() {
    #expect(throws: SystemError(call: "open", number: 2)) {
      try Files.content(of: Array("/nowhere/at/all".utf8), limit: 100)
    }
    #expect(throws: SystemError(call: "read", number: 21)) {
      try Files.content(of: Array("/proc".utf8), limit: 100)
    }
  }
}
