import CLinux

/// A call of the operating system that failed.
public struct SystemError: Error, Equatable, Sendable {
  /// What was being done, in the words of the call: `listen`, `epoll_wait`.
  public let call: String
  /// The errno.
  public let number: Int32

  /// The call `call` has failed with the errno `number`.
  public init(call: String, number: Int32) {
    self.call = call
    self.number = number
  }

  /// The errors that the program tells apart.
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

  /// There is no memory left.
  public static let outOfMemory = SystemError(call: "mmap", number: Known.outOfMemory.rawValue)

  /// Which of the known errors it is, if one.
  public var known: Known? { Known(rawValue: number) }

  /// Whether what is missing is something that others of this machine, or peers, have taken: descriptors
  /// or memory.
  public var isShortage: Bool {
    switch known {
    case .tooManyDescriptors, .tableFull, .outOfMemory, .noBuffers: true
    default: false
    }
  }

  /// The error in words.
  public var text: String { "\(call): \(ErrorText.of(number))" }
}

/// `result` of the system call `call`, thrown when it is a negated errno.
public func check<Result: SignedInteger>(
  _ call: String, _ result: Result
) throws(SystemError) -> Result {
  guard result >= 0 else {
    throw SystemError(call: call, number: Int32(truncatingIfNeeded: -result))
  }
  return result
}

/// The errors of the operating system in words.
public enum ErrorText {
  /// What the C library says of the errno `number`.
  public static func of(_ number: Int32) -> String {
    ascii { cl_describe_error(number, &$0) }
  }
}

/// The text that `write` puts into the bytes that it is lent, at most 64, and whose length it
/// returns; empty when that is negative.
func ascii(_ write: (inout MutableSpan<UInt8>) -> Int32) -> String {
  var bytes = InlineArray<64, UInt8>(repeating: 0)
  var span = bytes.mutableSpan
  let length = Int(write(&span))
  var text = ""
  for index in 0..<max(length, 0) { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
  return text
}
