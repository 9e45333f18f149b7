/// A process of this machine or container as /proc shows it to everyone (proc(5)).
public struct RunningProcess: Sendable {
  /// The maximum size of a file in /proc that is read, in bytes.
  private static let longestFile = 1 << 20

  /// The process ID.
  public let id: Int32
  /// The name of the program, at most 15 bytes of it.
  public let name: String
  /// The ID of the parent; 0 if that is outside the container, as after `docker exec`.
  public let parent: Int32

  /// The process with this ID, or `nil` if there is none or /proc does not show it.
  public init?(_ id: Int32) { self.init(folder: "\(id)") }

  /// This process, or `nil` if there is no /proc.
  public static var own: RunningProcess? { RunningProcess(folder: "self") }

  /// Every process that /proc shows.
  public static func all() throws(SystemError) -> [RunningProcess] {
    try Files.names(in: Array("/proc".utf8)).compactMap {
      Int32(String(decoding: $0, as: UTF8.self))
    }
    .compactMap { RunningProcess($0) }
  }

  private init?(folder: String) {
    guard let stat = Self.content(of: "stat", in: folder),
      // The name is in parentheses and may contain any of them.
      let open = stat.firstIndex(of: UInt8(ascii: "(")),
      let close = stat.lastIndex(of: UInt8(ascii: ")")), open < close
    else { return nil }
    let fields = stat[(close + 1)...].split(separator: UInt8(ascii: " "))
    guard let id = Self.number(stat[..<open].dropLast()), fields.count > 1,
      let parent = Self.number(fields[1])
    else { return nil }
    self.id = id
    self.parent = parent
    name = String(decoding: stat[(open + 1)..<close], as: UTF8.self)
  }

  /// The command line: each word with a NUL after it. Empty if the process has ended.
  public var words: [UInt8] { Self.content(of: "cmdline", in: "\(id)") ?? [] }

  /// The path of its control group in each hierarchy (cgroups(7)). Empty if the process has ended.
  public var controlGroups: [String] {
    let lines = (Self.content(of: "cgroup", in: "\(id)") ?? []).split(separator: UInt8(ascii: "\n"))
    // HIERARCHY:CONTROLLERS:PATH
    return lines.compactMap { line in
      line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false).last
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// A path that leads to its working directory, for its own user and for root.
  public var workingDirectory: String { "/proc/\(id)/cwd" }

  private static func number(_ text: ArraySlice<UInt8>) -> Int32? {
    Int32(String(decoding: text, as: UTF8.self))
  }

  private static func content(of file: String, in folder: String) -> [UInt8]? {
    (try? Files.content(of: Array("/proc/\(folder)/\(file)".utf8), limit: longestFile)) ?? nil
  }
}
