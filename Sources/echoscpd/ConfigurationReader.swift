import CLinux
import Glibc
import Journal
import Settings

/// Reads the configuration: the file, the files of its folder, and the command line over them.
struct ConfigurationReader {
  private var configuration = Configuration()
  /// The files that were read, in their order.
  private(set) var files: [String] = []

  /// The configuration that `line` asks for, faults and all, and the files that it was read from.
  static func read(_ line: CommandLineSettings) -> (Configuration, files: [String]) {
    var reader = ConfigurationReader()
    let path = line.configurationFile ?? ConfigurationFile.standardPath
    reader.read(path, mayBeMissing: line.configurationFile == nil)
    reader.readFolder(ConfigurationFile.folder(of: path))
    reader.configuration.apply(line)
    return (reader.configuration, reader.files)
  }

  private mutating func read(_ path: String, mayBeMissing: Bool) {
    switch Self.content(of: path) {
    case .success(let bytes):
      files.append(path)
      configuration.read(ConfigurationFile(path: path, bytes: bytes))
    case .failure(let error) where error == .missing && mayBeMissing:
      break
    case .failure(let error):
      configuration.add(Diagnostic(path: path, problem: error.text))
    }
  }

  /// Reads every `*.conf` of a folder in the order of their names; hidden files are none of them.
  private mutating func readFolder(_ path: String) {
    var names = [UInt8](repeating: 0, count: 4 << 10)
    var needed = Self.list(path, &names)
    // Another file may be added between the two looks; then it is looked once more.
    while needed > names.count {
      names = [UInt8](repeating: 0, count: 2 * needed)
      needed = Self.list(path, &names)
    }
    if needed < 0 {
      let error = FileError.system(Int32(-needed))
      if error != .missing { configuration.add(Diagnostic(path: path, problem: error.text)) }
      return
    }
    let all = names[..<needed].split(separator: 0).map { [UInt8]($0) }
    let suffix = [UInt8](".conf".utf8)
    for name in all.sorted(by: { $0.lexicographicallyPrecedes($1) })
    where name.first != UInt8(ascii: ".") && name.suffix(suffix.count).elementsEqual(suffix) {
      read("\(path)/\(String(decoding: name, as: UTF8.self))", mayBeMissing: false)
    }
  }

  private static func list(_ path: String, _ names: inout [UInt8]) -> Int {
    var room = names.mutableSpan
    return cl_list_folder(path.utf8.span, &room)
  }

  /// Why a file could not be read.
  private enum FileError: Error, Equatable {
    case tooLarge
    case system(Int32)

    static let missing = FileError.system(ENOENT)

    var text: String {
      switch self {
      case .tooLarge:
        "it is larger than \(ConfigurationFile.largestSize) bytes, and no configuration file is"
      case .system(ENOENT): "no such file; --config names another one"
      case .system(EACCES): "permission denied; make it readable for the user of this service"
      case .system(EISDIR): "this is a folder, and a file is expected"
      case .system(let number): "cannot be read: \(ErrorText.of(number))"
      }
    }
  }

  private static func content(of path: String) -> Result<[UInt8], FileError> {
    let descriptor = cl_open_file(path.utf8.span)
    guard descriptor >= 0 else { return .failure(.system(-descriptor)) }
    defer { cl_close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= ConfigurationFile.largestSize {
      var room = chunk.mutableSpan
      let size = cl_read(descriptor, &room)
      guard size >= 0 else { return .failure(.system(Int32(-size))) }
      if size == 0 { return .success(bytes) }
      bytes += chunk[..<size]
    }
    return .failure(.tooLarge)
  }
}
