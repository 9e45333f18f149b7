import UpperLayer

/// A configuration file, as it was read.
public struct ConfigurationFile: Sendable {
  /// The file that is read when no other is named.
  public static let standardPath = "/etc/echoscp.conf"
  /// The largest file that is read, in bytes: a thousand times what it could ever need.
  public static let largestSize = 1 << 20
  /// How many faults of one file are told; who has more has taken the wrong file.
  static let mostDiagnostics = 100

  /// Where it is.
  public let path: String
  /// What is in it.
  let bytes: [UInt8]

  /// The file at `path`, with the content `bytes`.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// What the name of a file is followed by in that of the folder whose files are read after it.
  public static let folderSuffix = ".d"

  /// The folder of the files that are read after the one at `path`.
  public static func folder(of path: String) -> String { path + folderSuffix }

  /// A line that sets something, and where it stands.
  struct Assignment {
    let line: Int
    let section: SectionName
    let key: String
    let value: String
  }

  /// Where the section of a device begins.
  struct DeviceHeading {
    let line: Int
    let title: AETitle
  }

  /// What it says.
  struct Content {
    var assignments: [Assignment] = []
    var devices: [DeviceHeading] = []
  }

  /// The section that a line stands in.
  enum SectionName: Equatable {
    /// The line stands in front of the first one.
    case none
    /// It is one of ours.
    case known(Setting.Section)
    /// It is that of the device with this title, and begins in this line.
    case device(AETitle, line: Int)
    /// It is none of ours, and was said to be.
    case unknown
  }

  /// Every assignment in it, and every device. What no line may look like goes to `report`.
  func content(_ report: (_ line: Int?, _ problem: String) -> Void) -> Content {
    var content = Content()
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      report(nil, "this is UTF-16; save it as UTF-8")
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
        // What follows does not belong to the section before it.
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
    return Mistake(
      of: name, "is no section",
      meant.map { "\($0) is one" } ?? "there are \(all.joined(separator: ", "))"
    ).text
  }
}
