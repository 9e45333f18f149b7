import CLinux

/// A failed system call.
public struct SystemError: Error, Equatable, Sendable {
  /// The name of the call: `listen`, `epoll_wait`.
  public let call: String
  /// The errno.
  public let number: Int32

  /// Creates the error of the call `call`, which failed with the errno `number`.
  public init(call: String, number: Int32) {
    self.call = call
    self.number = number
  }

  /// The errors that the program distinguishes.
  public enum Known: Int32, Sendable {
    /// EAGAIN.
    case wouldBlock = 11
    /// EACCES.
    case permissionDenied = 13
    /// ENFILE.
    case tableFull = 23
    /// EMFILE.
    case tooManyDescriptors = 24
    /// EPERM.
    case notPermitted = 1
    /// ENOMEM.
    case outOfMemory = 12
    /// ENOENT.
    case noSuchFile = 2
    /// EINVAL.
    case invalid = 22
    /// EPIPE.
    case brokenPipe = 32
    /// ENOSYS.
    case notImplemented = 38
    /// ECONNREFUSED.
    case connectionRefused = 111
    /// EADDRINUSE.
    case addressInUse = 98
    /// EADDRNOTAVAIL.
    case addressNotAvailable = 99
    /// EAFNOSUPPORT.
    case familyNotSupported = 97
    /// ENOBUFS.
    case noBuffers = 105
  }

  /// The error for memory that has run out.
  public static let outOfMemory = SystemError(call: "mmap", number: Known.outOfMemory.rawValue)

  /// The known error, or `nil` if it is another one.
  public var known: Known? { Known(rawValue: number) }

  /// Whether descriptors or memory have run out, which other programs of this machine, or
  /// peers, may have taken.
  public var isShortage: Bool {
    switch known {
    case .tooManyDescriptors, .tableFull, .outOfMemory, .noBuffers: true
    default: false
    }
  }

  /// The call and the description of its errno.
  public var text: String { "\(call): \(ErrorText.of(number))" }
}

/// Returns `result` of the system call `call`, or throws it if it is a negated errno.
public func check<Result: SignedInteger>(
  _ call: String, _ result: Result
) throws(SystemError) -> Result {
  guard result >= 0 else {
    throw SystemError(call: call, number: Int32(truncatingIfNeeded: -result))
  }
  return result
}

/// Descriptions of the operating system's errors.
public enum ErrorText {
  /// Returns the C library's description of the errno `number`.
  public static func of(_ number: Int32) -> String {
    ascii { cl_describe_error(number, &$0) }
  }
}

/// Returns the text that `write` puts into a buffer of 64 bytes, and whose length it returns; empty
/// if that is negative.
func ascii(_ write: (inout MutableSpan<UInt8>) -> Int32) -> String {
  var bytes = InlineArray<64, UInt8>(repeating: 0)
  var span = bytes.mutableSpan
  let length = Int(write(&span))
  var text = ""
  for index in 0..<max(length, 0) { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
  return text
}
