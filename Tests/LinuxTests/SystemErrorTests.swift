import Glibc
import Testing

@testable import Linux

/// System calls that fail.
@Suite struct SystemErrorTests {
  static let known: [(errno: Int32, known: SystemError.Known, text: String)] = [
    (EAGAIN, .wouldBlock, "Resource temporarily unavailable"),
    (EACCES, .permissionDenied, "Permission denied"),
    (ENFILE, .tableFull, "Too many open files in system"),
    (EMFILE, .tooManyDescriptors, "Too many open files"),
    (EPERM, .notPermitted, "Operation not permitted"),
    (ENOMEM, .outOfMemory, "Cannot allocate memory"),
    (EADDRINUSE, .addressInUse, "Address already in use"),
    (EADDRNOTAVAIL, .addressNotAvailable, "Cannot assign requested address"),
    (EAFNOSUPPORT, .familyNotSupported, "Address family not supported by protocol"),
    (ENOBUFS, .noBuffers, "No buffer space available"),
  ]

  @Test("Each known error has this system's number and text", arguments: known)
  func isKnown(errno: Int32, known: SystemError.Known, text: String) {
    let error = SystemError(call: "call", number: errno)
    #expect(error.known == known)
    #expect(error.text == "call: \(text)")
  }

  @Test("An unknown errno has a text, too")
  func isUnknown() {
    #expect(SystemError(call: "call", number: 99_999).known == nil)
    #expect(SystemError(call: "call", number: 99_999).text == "call: unknown error")
  }

  @Test("A result is returned, and a negated errno is thrown")
  func check() throws {
    #expect(try Linux.check("call", 0) == 0)
    #expect(try Linux.check("call", Int64.max) == .max)
    #expect(throws: SystemError(call: "call", number: EMFILE)) {
      try Linux.check("call", -EMFILE)
    }
  }
}
