import COpenSSL

/// An error that OpenSSL has reported, as a number: the words are looked up only for somebody who reads them.
public struct OpenSSLError: Equatable, Sendable {
  private let code: UInt

  /// The error with this code of OpenSSL's error queue.
  init(code: UInt) { self.code = code }

  /// The error of TLS with this reason (SSL_R_…).
  public init(reason: Int32) { code = co_error(reason) }

  /// The reason (SSL_R_…) of an error of TLS; 0 of any other.
  var reason: Int32 { co_reason(code) }

  /// OpenSSL's words for it.
  public var text: String {
    // Safe because the text is a constant that ends with a NUL.
    unsafe co_words(code).map { unsafe String(cString: $0) } ?? "unknown error"
  }
}
