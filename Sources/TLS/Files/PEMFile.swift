import COpenSSL
import Linux

/// Reads the files of certificates, keys and revocation lists: text in PEM (RFC 7468), or a single certificate or
/// list in DER.
enum PEMFile {
  /// The largest size of a file, in bytes.
  static let largestSize = 4 << 20
  /// The largest number of certificates or lists in a setting.
  static let mostItems = 4096

  /// The bytes of the file at `path`.
  static func content(of path: String) throws(FileProblem) -> [UInt8] {
    do throws(SystemError) {
      if let bytes = try Files.content(of: Array(path.utf8), limit: largestSize) { return bytes }
    } catch {
      throw FileProblem(path, error)
    }
    throw FileProblem(path, "larger than \(largestSize) bytes", "give a file with PEM text")
  }

  /// The content of the file at `path`, or of each file in the folder at `path` in the order of their names,
  /// except hidden files.
  static func contents(of path: String) throws(FileProblem) -> [(path: String, bytes: [UInt8])] {
    let names: [[UInt8]]
    do throws(SystemError) {
      names = try Files.names(in: Array(path.utf8))
    } catch {
      // Not a folder, or it does not exist: reading the file tells.
      return [(path, try content(of: path))]
    }
    var all: [(path: String, bytes: [UInt8])] = []
    for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) })
    where name.first != UInt8(ascii: ".") {
      let file = "\(path)/\(String(decoding: name, as: UTF8.self))"
      // A folder within the folder is skipped.
      if (try? Files.names(in: Array(file.utf8))) != nil { continue }
      all.append((file, try content(of: file)))
    }
    return all
  }

  /// What was read of a file.
  struct Items {
    /// The number of certificates or lists.
    var count = 0
    /// Whether the next one is damaged, so that it and those after it were not read.
    var isDamaged = false

    /// Nothing.
    static let none = Items()
    /// The only one of a file in DER.
    static let one = Items(count: 1)
  }

  /// Calls `body` with each certificate (X509) in `bytes`, which then owns it.
  static func readCertificates(
    _ bytes: [UInt8], _ body: (consuming Certificate) -> Void
  ) -> Items {
    // Safe because the BIO is freed before the bytes, and each certificate is handed over once.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let bio = unsafe open(buffer) else { return .none }
      defer { unsafe close(bio) }
      if isDER(bytes) {
        guard let one = unsafe d2i_X509_bio(bio, nil) else { return .none }
        unsafe body(Certificate(owning: one))
        return .one
      }
      var items = Items()
      while items.count < mostItems, let next = unsafe co_read_certificate(bio) {
        items.count += 1
        unsafe body(Certificate(owning: next))
      }
      items.isDamaged = endsInDamage
      return items
    }
  }

  /// Calls `body` with each revocation list (X509_CRL) in `bytes`, lent for the call.
  static func readLists(_ bytes: [UInt8], _ body: (OpaquePointer) -> Void) -> Items {
    // Safe because the BIO is freed before the bytes, and each list after its call.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let bio = unsafe open(buffer) else { return .none }
      defer { unsafe close(bio) }
      if isDER(bytes) {
        guard let one = unsafe d2i_X509_CRL_bio(bio, nil) else { return .none }
        unsafe body(one)
        unsafe X509_CRL_free(one)
        return .one
      }
      var items = Items()
      while items.count < mostItems, let next = unsafe co_read_list(bio) {
        items.count += 1
        unsafe body(next)
        unsafe X509_CRL_free(next)
      }
      items.isDamaged = endsInDamage
      return items
    }
  }

  /// Calls `body` with the private key (EVP_PKEY) in `bytes`, lent for the call; `nil` if there is none that can be
  /// read without a password.
  static func withKey<Result>(
    _ bytes: [UInt8], _ body: (OpaquePointer?) -> Result
  ) -> Result {
    // Safe because the BIO is freed before the bytes, and the key after its call.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let bio = unsafe open(buffer) else { return body(nil) }
      defer { unsafe close(bio) }
      let key = unsafe co_read_key(bio)
      defer { unsafe EVP_PKEY_free(key) }
      return unsafe body(key)
    }
  }

  /// Whether reading has ended at something other than the end of the text.
  private static var endsInDamage: Bool {
    let error = ERR_peek_last_error()
    return error != 0
      && (ERR_GET_LIB(error) != ERR_LIB_PEM || ERR_GET_REASON(error) != PEM_R_NO_START_LINE)
  }

  /// Whether a file is in DER: it begins with a SEQUENCE, the size of whose length follows. Text may begin with 0x30,
  /// the digit 0.
  private static func isDER(_ bytes: [UInt8]) -> Bool {
    bytes.count > 1 && bytes[0] == 0x30 && bytes[1] > 0x80
  }

  private static func open(_ buffer: UnsafeBufferPointer<UInt8>) -> OpaquePointer? {
    // Safe because the caller keeps the bytes until it closes the BIO.
    guard let base = buffer.baseAddress else { return nil }
    return unsafe co_reading(base, Int32(clamping: buffer.count))
  }

  private static func close(_ bio: OpaquePointer) {
    // Safe because nothing uses the BIO any more. The end of the file leaves an error in the queue.
    unsafe BIO_free(bio)
    ERR_clear_error()
  }
}

/// What is wrong with a file of certificates, keys or revocation lists.
public struct FileProblem: Error, Equatable, Sendable {
  /// The setting that names the file.
  public internal(set) var setting: String
  /// The problem, and what to do: `"/etc/echoscp/key.pem" is encrypted; …`.
  public let text: String

  /// A problem of the file at `path`.
  init(_ path: String, _ problem: String, _ remedy: String) {
    setting = ""
    text = "\(Self.quoted(path)): \(problem); \(remedy)"
  }

  /// A file that cannot be read.
  init(_ path: String, _ error: SystemError) {
    let remedy =
      switch error.known {
      case .permissionDenied: "make it readable by the user of this service"
      default: "check the path"
      }
    self.init(path, ErrorText.of(error.number), remedy)
  }

  private static func quoted(_ path: String) -> String {
    "\"\(path.unicodeScalars.map { $0.value < 0x20 ? "?" : String($0) }.joined())\""
  }
}
