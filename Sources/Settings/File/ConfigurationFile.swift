import UpperLayer

/// The path and content of a configuration file.
public struct ConfigurationFile: Sendable {
  /// The path of the file that is read unless another is named.
  public static let standardPath = "/etc/echoscp.conf"
  /// The folder whose files are read before that one: the defaults of a container image or a distribution.
  public static let vendorFolder = "/usr/lib/echoscp.conf.d"
  /// The largest file that is read, in bytes: a thousand times more than any configuration needs.
  public static let largestSize = 1 << 20
  /// How many errors of one file are shown. With more than that, it is probably the wrong file.
  static let mostDiagnostics = 100

  /// The path of the file.
  public let path: String
  /// The content of the file.
  let bytes: [UInt8]

  /// The file at `path`, with the content `bytes`.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// The suffix of a file's name in the name of the folder whose files are read after it.
  public static let folderSuffix = ".d"

  /// The folder whose files are read after the file at `path`.
  public static func folder(of path: String) -> String { path + folderSuffix }

  /// A line that sets a key, and its place.
  struct Assignment {
    let line: Int
    let section: SectionName
    let key: String
    let value: String
  }

  /// The heading of a device's section.
  struct DeviceHeading {
    let line: Int
    let title: AETitle
  }

  /// The parsed content of a file.
  struct Content {
    var assignments: [Assignment] = []
    var devices: [DeviceHeading] = []
  }

  /// The section that a line is in.
  enum SectionName: Equatable {
    /// None: the line is before the first section.
    case none
    /// A section of settings.
    case known(Setting.Section)
    /// The section of the device with this title, which begins in this line.
    case device(AETitle, line: Int)
    /// An unknown section, which has been reported.
    case unknown
  }

  /// Returns the assignments and devices of the file. Calls `report` for each line that cannot be parsed.
  func content(_ report: (_ line: Int?, _ problem: String) -> Void) -> Content {
    var content = Content()
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      report(nil, "this file is UTF-16; save it as UTF-8")
      return content
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var section = SectionName.none
    let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
    for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    {
      let line = line.last == 0x0D ? line.dropLast() : line
      guard let text = String(validating: line, as: UTF8.self) else {
        report(index + 1, "this line is not UTF-8; save the file as UTF-8")
        continue
      }
      switch ConfigurationLine(text[...]) {
      case .nothing: continue
      case .foreign(let text):
        report(index + 1, ForeignLine.problem(text, in: section))
      case .wrong(let problem):
        report(index + 1, problem)
      case .wrongSection(let problem):
        // The lines that follow do not belong to the previous section.
        section = .unknown
        report(index + 1, problem)
      case .section(let name):
        section = Self.section(name, line: index + 1, &content) { report(index + 1, $0) }
      case .assignment(let key, let value):
        content.assignments.append(
          Assignment(line: index + 1, section: section, key: key, value: value))
      }
    }
    return content
  }

  private static func section(
    _ name: String, line: Int, _ content: inout Content, _ report: (String) -> Void
  ) -> SectionName {
    if let section = Setting.Section(rawValue: name) { return .known(section) }
    do throws(Mistake) {
      if let title = try DeviceSection.title(in: name) {
        content.devices.append(DeviceHeading(line: line, title: title))
        return .device(title, line: line)
      }
      report(unknownSection(name))
    } catch {
      report(error.text)
    }
    return .unknown
  }

  private static func unknownSection(_ name: String) -> String {
    let names = Setting.Section.allCases.map(\.name)
    let all = names.map { "[\($0)]" } + [DeviceSection.form]
    let meant =
      NearestName.of(name, among: names).map { "[\($0)]" } ?? DeviceSection.correction(of: name)
    let mistake =
      meant.map { Mistake(of: name, "is not a section", "use \($0)") }
      ?? Mistake(of: name, "is not a section", expected: "one of \(all.joined(separator: ", "))")
    return mistake.text
  }
}
