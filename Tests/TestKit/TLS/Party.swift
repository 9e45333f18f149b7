import FoundationEssentials
import Glibc
public import TLS

/// One side of TLS connections, with everything that its settings name.
public struct Party: Sendable {
  /// Its certificate; `nil` for none.
  public var identity: Identity?
  /// The certificates between its own and the root.
  public var chain: [Identity] = []
  /// The CAs that it trusts.
  public var authorities: [Identity] = [.ca]
  /// The devices that it knows by their certificates.
  public var devices: [Identity] = []
  /// Revocation lists, in PEM.
  public var lists: [String] = []
  /// What it asks of a client.
  public var mode = ContextFiles.ClientCertificate.request
  /// Whether it refuses TLS 1.2.
  public var requiresTLS13 = false

  /// A party with this certificate and `chain`.
  public init(_ identity: Identity?, chain: [Identity] = []) {
    self.identity = identity
    self.chain = chain
  }

  /// The archive of the hospital.
  public static let archive = Party(.server, chain: [.issuing])

  /// Returns it with the changes that `change` makes.
  public func with(_ change: (inout Party) -> Void) -> Party {
    var party = self
    change(&party)
    return party
  }

  /// Returns its context as a server.
  public func server() throws -> Context {
    let folder = try Folder()
    return try withExtendedLifetime(folder) { try Context.server(files(in: folder)) }
  }

  /// Returns its context as a client.
  public func client() throws -> Context {
    let folder = try Folder()
    return try withExtendedLifetime(folder) { try Context.client(files(in: folder)) }
  }

  /// Writes its files into `folder`.
  public func files(in folder: Folder) throws -> ContextFiles {
    var files = ContextFiles()
    files.clientCertificate = mode
    files.requiresTLS13 = requiresTLS13
    if let identity {
      let pem = ([identity] + chain).map(\.pem).joined()
      files.certificate = try folder.write("certificate.pem", pem)
      files.privateKey = try folder.write("key.pem", identity.key)
    }
    if !authorities.isEmpty {
      files.caCertificates = try folder.write("ca.pem", authorities.map(\.pem).joined())
    }
    if !devices.isEmpty {
      files.deviceCertificates = try folder.write("devices.pem", devices.map(\.pem).joined())
    }
    if !lists.isEmpty { files.crl = try folder.write("crl.pem", lists.joined()) }
    return files
  }
}

/// A folder of its own for the files of a test, which is removed with this value.
public final class Folder: Sendable {
  /// The path of the folder.
  public let path = "/tmp/echoscpd-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"

  /// Makes the folder.
  public init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes the file `name` with this text, and returns its path.
  public func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  /// Writes the file `name` with these bytes, and returns its path.
  public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = "\(path)/\(name)"
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// Makes the folder `name` within, and returns its path.
  public func makeFolder(_ name: String) throws -> String {
    let path = "\(path)/\(name)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }
}
