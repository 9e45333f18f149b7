import Glibc
public import Linux

/// Reads the configuration: the vendor's files, the file, the files of its folder, and then the command line.
public struct ConfigurationReader {
  private var configuration = Configuration()
  /// The files that were read, in order.
  private(set) var files: [String] = []
  /// The shortage of memory or descriptors that prevented reading a file, or `nil` if there was none.
  private var shortage: SystemError?

  /// Reads the configuration for the command line `line`. Returns it with its errors, and the files read.
  ///
  /// Throws a shortage of memory or descriptors, which says nothing about the configuration.
  public static func read(
    _ line: CommandLineSettings
  ) throws(SystemError) -> (Configuration, files: [String]) {
    let (configuration, files) = try readFiles(line.configurationFile)
    return (configuration.applying(line), files)
  }

  /// Reads the file at `path` and those of its folder or, if that is `nil`, the standard ones.
  public static func readFiles(_ path: [UInt8]?) throws(SystemError) -> (
    Configuration, files: [String]
  ) {
    var reader = ConfigurationReader()
    if path == nil { reader.readFolder([UInt8](ConfigurationFile.vendorFolder.utf8)) }
    let name = path ?? [UInt8](ConfigurationFile.standardPath.utf8)
    reader.read(name, path == nil ? .standard : .named)
    reader.readFolder(name + ConfigurationFile.folderSuffix.utf8)
    if let shortage = reader.shortage { throw shortage }
    return (reader.configuration, reader.files)
  }

  /// The reason for reading a file.
  private enum Occasion {
    /// It is the standard file, read when no other is named; it need not exist.
    case standard
    /// The command line names it.
    case named
    /// The folder contains it.
    case listed
  }

  private mutating func read(_ path: [UInt8], _ occasion: Occasion) {
    let name = Quotation.ofFileName(path)
    switch Self.content(of: path) {
    case .success(let bytes):
      files.append(name)
      configuration.read(ConfigurationFile(path: name, bytes: bytes))
    case .failure(.missing):
      switch occasion {
      case .standard: break
      case .named: report(name, "no such file; check the path in --config")
      case .listed: report(name, "no such file; remove or repair this symbolic link")
      }
    case .failure(let error): report(name, error)
    }
  }

  private mutating func report(_ name: String, _ error: FileError) {
    if case .system(let number) = error {
      let system = SystemError(call: name, number: number)
      if system.isShortage { shortage = system }
    }
    report(name, error.text)
  }

  private mutating func report(_ name: String, _ problem: String) {
    configuration.add(Diagnostic(path: name, problem: problem))
  }

  /// Reads every `*.conf` in a folder in the order of their names, except hidden files.
  private mutating func readFolder(_ path: [UInt8]) {
    let all: [[UInt8]]
    do throws(SystemError) {
      all = try Files.names(in: path)
    } catch {
      let error = FileError.system(error.number)
      if error != .missing { report(Quotation.ofFileName(path), error) }
      return
    }
    let suffix = [UInt8](".conf".utf8)
    for name in all.sorted(by: { $0.lexicographicallyPrecedes($1) })
    where name.first != UInt8(ascii: ".") && name.suffix(suffix.count).elementsEqual(suffix) {
      read(path + [UInt8(ascii: "/")] + name, .listed)
    }
  }

  /// Why a file could not be read.
  private enum FileError: Error, Equatable {
    case tooLarge
    case system(Int32)

    static let missing = FileError.system(ENOENT)

    var text: String {
      switch self {
      case .tooLarge:
        "larger than \(ConfigurationFile.largestSize) bytes, the limit for a configuration file"
      case .system(EACCES): "permission denied; make it readable by the user of this service"
      case .system(EISDIR): "this is a directory: expected a file"
      case .system(let number): "cannot be read: \(ErrorText.of(number))"
      }
    }
  }

  private static func content(of path: [UInt8]) -> Result<[UInt8], FileError> {
    do throws(SystemError) {
      let bytes = try Files.content(of: path, limit: ConfigurationFile.largestSize)
      return bytes.map { .success($0) } ?? .failure(.tooLarge)
    } catch {
      return .failure(.system(error.number))
    }
  }
}
